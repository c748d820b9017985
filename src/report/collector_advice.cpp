// What the numbers of a collector mean, in sentences. In this order, the first that hold:
//
//   disabled, or nothing collected     nothing to tune, and what that may cost
//   less than 1 % of the time          leave it
//   old collections take most of it    their cost is what lives: freeze, or collect more rarely
//     and free nothing                   ... with no loss at all
//   young ones take most of it         a higher threshold 0
//   much is freed                      cycles are made all the time: cut them
//
// A full collection costs by what lives, a young one by what survives it; so a threshold changes
// how often, gc.freeze() how long.
#include <algorithm>

#include "report/collector.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

constexpr double kWorthATry = 0.01;
constexpr double kLongPauseSeconds = 0.01;

std::string percent(double part, double whole) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %%", whole > 0 ? 100 * part / whole : 0.0);
  return text;
}

std::string thresholds_times_ten(const CollectorSummary& summary) {
  const auto at = [&](std::size_t i) { return summary.generations[i].threshold; };
  const std::int64_t first = std::clamp<std::int64_t>(at(0) * 10, 1'000, 1'000'000'000);
  return "gc.set_threshold(" + std::to_string(first) + ", " + std::to_string(at(1)) + ", " +
         std::to_string(at(2)) + ")";
}

std::string of_disabled(const CollectorSummary& summary) {
  const bool was_used = std::ranges::any_of(
      summary.generations, [](const CollectedGeneration& one) { return one.collections > 0; });
  std::string text = "Automatic collection is disabled";
  text += summary.collections_watched() > 0
              ? ", the program collects by itself (gc.collect())."
              : ": cycles that are dropped stay in memory" +
                    std::string(was_used ? " until somebody calls gc.collect()." : ".");
  return text + " `ouro attach` and `ouro garbage` say how much has gathered.";
}

/// Of collections of old objects: how long, how often in vain, what to do.
std::string of_old_ones(const CollectorSummary& summary, std::size_t i, double share_seconds) {
  const CollectedGeneration& old = summary.generations[i];
  std::string text = (i == 2 ? std::string("Full collections")
                             : "Collections of generation " + std::to_string(i)) +
                     " take " + percent(share_seconds, summary.watched_seconds) + " of the time";
  if (const auto mean = old.mean_seconds()) text += ", " + format_seconds(*mean) + " each";
  if (old.last_in_vain > 0 && old.last_in_vain == old.collections_watched) {
    text += old.last_in_vain == 1
                ? ", and the one seen freed nothing"
                : ", and none of the " + std::to_string(old.last_in_vain) + " seen freed anything";
  } else {
    text += ", and freed " +
            with_separators(
                static_cast<std::uint64_t>(std::max<std::int64_t>(old.collected_watched, 0))) +
            (old.collected_watched == 1 ? " object" : " objects");
  }
  text += ". Their cost is the number of objects that live";
  const auto& frozen = summary.tracked[kCollectorGenerations];
  const auto& oldest = summary.tracked[2];
  if (oldest && *oldest > 0) text += ", now " + with_separators(*oldest) + " in generation 2";
  text += frozen && *frozen > 0
              ? " (" + with_separators(*frozen) + " more are frozen): "
              : ": gc.collect() and gc.freeze() at the end of the start takes those out that stay "
                "for ever; ";
  return text + "a higher threshold, " + thresholds_times_ten(summary) +
         ", makes collections rarer, not shorter.";
}

std::string of_young_ones(const CollectorSummary& summary) {
  const CollectedGeneration& young = summary.generations[0];
  const double each_second =
      summary.watched_seconds > 0
          ? static_cast<double>(young.collections_watched) / summary.watched_seconds
          : 0;
  const std::string text =
      "Collections of generation 0 take " + percent(young.paused_seconds, summary.watched_seconds) +
      " of the time, " + with_separators(static_cast<std::uint64_t>(each_second + 0.5)) +
      " a second";
  const auto looked_at = static_cast<double>(young.collections_watched * young.threshold);
  if (static_cast<double>(young.collected_watched) > looked_at / 2) {
    return text +
           ", and most of what they look at they free: it is the cycles that cost, not how "
           "often one looks for them. " +
           thresholds_times_ten(summary) + " makes these pauses rarer, and longer.";
  }
  return text + ": the program makes objects that stay for a while. " +
         thresholds_times_ten(summary) +
         " makes them ten times rarer; where most of the objects have died by then, that is saved.";
}

std::optional<std::string> of_cycles(const CollectorSummary& summary) {
  std::int64_t freed = 0;
  for (const CollectedGeneration& one : summary.generations) freed += one.collected_watched;
  if (freed <= 0 || !(summary.watched_seconds > 0)) return std::nullopt;
  const auto each_second =
      static_cast<std::uint64_t>(static_cast<double>(freed) / summary.watched_seconds + 0.5);
  if (each_second < 100) return std::nullopt;
  return "Only the collector frees " + with_separators(each_second) +
         " objects a second: the program makes reference cycles all the time. Cut, they cost "
         "nothing: `ouro tune` says which reference to make weak.";
}

std::optional<std::string> of_uncollectable(const CollectorSummary& summary) {
  std::int64_t objects = 0;
  for (const CollectedGeneration& one : summary.generations) objects += one.uncollectable;
  if (objects <= 0) return std::nullopt;
  return counted(static_cast<std::uint64_t>(objects), "object") +
         of_number(static_cast<std::uint64_t>(objects), " was", " were") +
         " found uncollectable: look at gc.garbage, and for classes written in C.";
}

}  // namespace

std::vector<std::string> collector_advice(const CollectorSummary& summary) {
  std::vector<std::string> advice;
  const double paused = summary.paused_seconds();
  const auto& generations = summary.generations;
  if (!summary.is_enabled) {
    advice.push_back(of_disabled(summary));
  } else if (summary.collections_watched() == 0) {
    advice.emplace_back(
        "No collection was seen: a program that makes few objects, or waits, triggers none. "
        "--for 60s watches longer.");
  } else if (paused < kWorthATry * summary.watched_seconds) {
    const auto longest = std::ranges::max_element(
        generations, {}, [](const auto& one) { return one.pauses.longest(); });
    const double seconds = std::chrono::duration<double>(longest->pauses.longest()).count();
    std::string text = "Collections take " + percent(paused, summary.watched_seconds) +
                       " of the time: throughput has nothing to gain from tuning.";
    if (seconds >= kLongPauseSeconds) {
      text += " The longest pause, " + format_seconds(seconds) +
              ", may matter for response times: gc.collect() and gc.freeze() at the end of the "
              "start make full collections shorter.";
    }
    advice.push_back(text);
  } else {
    // Incremental collections of 3.14.0 to 3.14.4 are of generation 1.
    const std::size_t oldest = summary.is_incremental ? 1 : 2;
    const double old_seconds = generations[oldest].paused_seconds;
    if (old_seconds >= paused / 3) advice.push_back(of_old_ones(summary, oldest, old_seconds));
    if (generations[0].paused_seconds >= paused / 3) advice.push_back(of_young_ones(summary));
    if (advice.empty()) advice.push_back(of_young_ones(summary));
  }
  if (summary.processor_seconds && *summary.processor_seconds > 0 &&
      *summary.processor_seconds < summary.watched_seconds / 2 && paused > 0 &&
      paused < *summary.processor_seconds * 0.9) {
    advice.push_back("The process ran for " + format_seconds(*summary.processor_seconds) +
                     " of that time: of what it did, collecting was " +
                     percent(paused, *summary.processor_seconds) + ".");
  }
  if (auto sentence = of_cycles(summary)) advice.push_back(*std::move(sentence));
  if (auto sentence = of_uncollectable(summary)) advice.push_back(*std::move(sentence));
  return advice;
}

}  // namespace ouro::report
