#include "watch/verdict.hpp"

#include <algorithm>

namespace ouro::watch {

namespace {

constexpr double kMostlyObjects = 0.5;
constexpr double kPartlyObjects = 0.15;
constexpr double kLongEnough = 120;
constexpr std::size_t kMostTypes = 3;

// Sizes of objects are exact: a leak shows in less of them.
constexpr TrendOptions kOfObjects{.least_change = 64.0 * 1024, .least_share = 0.001};

Verdict::Is judge_growth(double bytes, double object_bytes) {
  const double share = object_bytes / bytes;
  if (share >= kMostlyObjects) return Verdict::Is::kObjectsGrow;
  return share >= kPartlyObjects ? Verdict::Is::kPartlyObjectsGrow : Verdict::Is::kNativeGrows;
}

}  // namespace

const char* word_of(Verdict::Is is) {
  switch (is) {
    case Verdict::Is::kEarly:
      return "early";
    case Verdict::Is::kSettled:
      return "settled";
    case Verdict::Is::kObjectsGrow:
      return "objects_grow";
    case Verdict::Is::kPartlyObjectsGrow:
      return "partly_objects_grow";
    case Verdict::Is::kNativeGrows:
      return "native_grows";
    case Verdict::Is::kObjectsGrowInside:
      return "objects_grow_inside";
    case Verdict::Is::kKept:
      return "kept";
    case Verdict::Is::kFalls:
      return "falls";
    case Verdict::Is::kMoves:
      return "moves";
  }
  return "";
}

Verdict verdict_of(const Series& memory, const Series& objects, const TypeGrowth& types) {
  Verdict verdict;
  verdict.memory = trend_of(memory.points());
  verdict.objects = trend_of(objects.points(), kOfObjects);
  const auto judge = [&](Verdict::Is is, const Trend& trend) {
    verdict.is = is;
    verdict.seconds = trend.seconds;
    verdict.bytes_a_second = trend.per_second;
    verdict.bytes = change_within(memory.points(), trend.seconds);
    verdict.object_bytes = change_within(objects.points(), trend.seconds);
  };
  // Without enough looks nothing can be said of the objects, and so not why memory grows.
  if (verdict.memory.is == Trend::Is::kEarly || verdict.objects.is == Trend::Is::kEarly) {
    return verdict;
  }
  if (verdict.memory.grows()) {
    judge(Verdict::Is::kNativeGrows, verdict.memory);
    verdict.is = judge_growth(verdict.bytes, verdict.object_bytes);
  } else if (verdict.objects.grows()) {
    judge(Verdict::Is::kObjectsGrowInside, verdict.objects);
  } else if (verdict.memory.is == Trend::Is::kFalls) {
    judge(Verdict::Is::kFalls, verdict.memory);
  } else if (verdict.memory.is == Trend::Is::kSettled && verdict.objects.is == Trend::Is::kFalls) {
    judge(Verdict::Is::kKept, verdict.objects);
  } else if (verdict.memory.is == Trend::Is::kSettled) {
    judge(Verdict::Is::kSettled, verdict.memory);
  } else {
    judge(Verdict::Is::kMoves, verdict.memory);
  }
  if (verdict.grows()) {
    verdict.is_early = verdict.seconds < kLongEnough;
    verdict.grown = types.grown_within(verdict.seconds);
    verdict.grown.resize(std::min(verdict.grown.size(), kMostTypes));
  }
  return verdict;
}

}  // namespace ouro::watch
