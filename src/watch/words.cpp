#include "watch/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "report/units.hpp"

namespace ouro::watch {

namespace {

std::string bytes_text(double bytes) {
  return report::format_bytes(static_cast<std::uint64_t>(std::max(0.0, std::abs(bytes))));
}

/// "12.0 MiB an hour", in the unit of time in which it is a number people can imagine.
std::string rate_text(double bytes_a_second) {
  constexpr double kMuch = 1024 * 1024;
  if (std::abs(bytes_a_second) >= kMuch) return bytes_text(bytes_a_second) + " a second";
  if (std::abs(bytes_a_second) * 60 >= kMuch) return bytes_text(bytes_a_second * 60) + " a minute";
  return bytes_text(bytes_a_second * 3600) + " an hour";
}

std::string types_text(const Verdict& verdict) {
  std::string text;
  for (const TypeGrowth::Grown& grown : verdict.grown) {
    text += text.empty() ? "" : ", ";
    text += std::string(grown.type) + " (" + report::signed_number(grown.objects) + ", " +
            report::signed_bytes(grown.bytes) + ")";
  }
  return text;
}

std::string share_text(const Verdict& verdict) {
  if (verdict.bytes <= 0 || verdict.object_bytes <= 0) return "0 %";
  return std::to_string(std::lround(100 * verdict.object_bytes / verdict.bytes)) + " %";
}

std::string growth_text(const Verdict& verdict) {
  return "Memory has grown for " + duration_text(verdict.seconds) + ", by " +
         bytes_text(verdict.bytes) + ", " + rate_text(verdict.bytes_a_second);
}

std::string swing_text(const Trend& trend) {
  if (trend.swing <= 0) return {};
  return " It goes up and down by " + bytes_text(trend.swing) + ", as memory does between " +
         "collections or requests; its troughs are what counts.";
}

std::string named_types(const Verdict& verdict) {
  const std::string types = types_text(verdict);
  return types.empty() ? "." : ": " + types + ".";
}

/// Before a full collection nobody can tell a leak from garbage in cycles.
std::string caution_text(const Verdict& verdict) {
  if (verdict.is_collector_off && verdict.full_collections.value_or(0) == 0) {
    return " Its collector is off (gc.disable()): garbage in cycles stays unless somebody "
           "calls gc.collect(). In a snapshot, `ouro garbage` says how much it is.";
  }
  if (verdict.full_collections == 0) {
    return " Python has not collected its oldest generation meanwhile: it may be garbage that "
           "waits for that.";
  }
  if (!verdict.is_early || verdict.full_collections > 0) return {};
  return " So far: garbage that waits for a collection looks the same for a while.";
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < 120) return std::to_string(whole) + " s";
  if (whole < 7200) return std::to_string(whole / 60) + " min";
  const std::int64_t minutes = whole / 60 % 60;
  std::string text = std::to_string(whole / 3600) + " h";
  if (minutes != 0) text += ' ' + std::to_string(minutes) + " min";
  return text;
}

std::string sentence_of(const Verdict& verdict) {
  switch (verdict.is) {
    case Verdict::Is::kEarly:
      return "Too early to say whether memory grows.";
    case Verdict::Is::kSettled:
      return "Memory has settled: no growth for " + duration_text(verdict.seconds) + "." +
             swing_text(verdict.memory);
    case Verdict::Is::kObjectsGrow:
      return growth_text(verdict) + ", and objects with it" + named_types(verdict) +
             caution_text(verdict);
    case Verdict::Is::kPartlyObjectsGrow:
      return growth_text(verdict) + "; objects explain " + share_text(verdict) + " of it" +
             named_types(verdict) +
             " The rest is memory of C code (buffers, extension modules) or fragmentation." +
             caution_text(verdict);
    case Verdict::Is::kNativeGrows:
      return growth_text(verdict) + ", and objects do not: they explain " + share_text(verdict) +
             " of it. So it is memory of C code, a native leak, or fragmentation of what the "
             "allocator keeps." +
             (verdict.is_early ? " So far." : "");
    case Verdict::Is::kObjectsGrowInside:
      return "Objects have grown for " + duration_text(verdict.seconds) + ", by " +
             bytes_text(verdict.object_bytes) +
             ", within memory that the process had taken before" + named_types(verdict) +
             caution_text(verdict);
    case Verdict::Is::kKept:
      return "Objects of " + bytes_text(verdict.object_bytes) +
             " have gone; the process keeps their memory for the next ones.";
    case Verdict::Is::kFalls:
      return "Memory has fallen for " + duration_text(verdict.seconds) + ", by " +
             bytes_text(verdict.bytes) + ".";
    case Verdict::Is::kMoves:
      return "Memory changes, but does not grow steadily." + swing_text(verdict.memory);
  }
  return {};
}

}  // namespace ouro::watch
