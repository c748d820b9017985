#include "report/tune/recommendation.hpp"

#include <algorithm>
#include <cstdio>

#include "report/collector.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

constexpr double kWorthWhile = 0.9;  ///< of a pause: a tenth shorter
constexpr double kPartThatMatters = 0.01;
constexpr double kPauseThatMatters = 0.005;

std::string percent(double part) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %%", 100 * part);
  return text;
}

bool may_be_taken(const ComparedSetting& setting) {
  const CollectorSetting& is = setting.runs->setting;
  const bool lets_cycles_gather = is.is_disabled && is.collect.empty();
  return !is.is_default() && !lets_cycles_gather && setting.runs->is_complete() &&
         setting.peak_bytes.change <= kMoreMemoryAllowed;
}

std::string memory_of(const ComparedSetting& setting, const ComparedSetting& of_default) {
  if (setting.peak_bytes.to_default == Difference::kWithinSpread) {
    return "memory is the same within the spread";
  }
  const bool is_less = setting.peak_bytes.to_default == Difference::kLess;
  return "peak memory is " +
         format_bytes(static_cast<std::uint64_t>(setting.peak_bytes.spread.median)) +
         (is_less ? " instead of " : ", up from ") +
         format_bytes(static_cast<std::uint64_t>(of_default.peak_bytes.spread.median));
}

std::string pause_of(const char* name, const Compared& pause, const Compared& of_default) {
  const std::string from = format_seconds(of_default.spread.median);
  const std::string to = format_seconds(pause.spread.median);
  switch (pause.to_default) {
    case Difference::kLess:
      return std::string("the ") + name + " falls from " + from + " to " + to;
    case Difference::kMore:
      return std::string("the ") + name + " rises from " + from + " to " + to;
    case Difference::kWithinSpread:
      return std::string("the ") + name + ", " + to + ", is the same within the spread";
  }
  return {};
}

std::string pauses_of(const ComparedSetting& setting, const ComparedSetting& of_default) {
  std::string text = pause_of("longest pause", setting.longest_seconds, of_default.longest_seconds);
  // Where the longest says nothing, most pauses may.
  if (setting.p99_seconds.to_default != setting.longest_seconds.to_default &&
      setting.p99_seconds.to_default != Difference::kWithinSpread) {
    text += ", " + pause_of("99th percentile", setting.p99_seconds, of_default.p99_seconds);
  }
  return text;
}

/// Of processor time, that the collector takes less.
double saved_part(const ComparedSetting& setting, const ComparedSetting& of_default) {
  const double whole = of_default.processor.spread.median;
  const double saved =
      of_default.collector_seconds.spread.median - setting.collector_seconds.spread.median;
  return whole > 0 ? saved / whole : 0;
}

/// Really less; or not more as a whole, of which the noise hides that the collector takes less.
bool saves_time(const ComparedSetting& setting, const ComparedSetting& of_default) {
  // What the collector does not take no setting of it can save, whatever the noise says.
  if (!setting.cost || of_default.collector_part < kPartThatMatters) return false;
  if (setting.cost->to_default == Difference::kLess) return true;
  return setting.cost->to_default == Difference::kWithinSpread && setting.cost->change <= 0 &&
         setting.collector_seconds.to_default == Difference::kLess &&
         saved_part(setting, of_default) >= kPartThatMatters;
}

std::string time_of(const ComparedSetting& setting, const ComparedSetting& of_default) {
  if (!setting.cost) return "";
  switch (setting.cost->to_default) {
    case Difference::kLess:
      return "takes " + percent(-setting.cost->change) + " less processor time";
    case Difference::kMore:
      return "takes " + percent(setting.cost->change) + " more processor time";
    case Difference::kWithinSpread:
      if (!saves_time(setting, of_default)) return "takes the same time within the spread";
      return "takes " + percent(saved_part(setting, of_default)) +
             " of the processor time less in the collector, which the spread of the whole hides";
  }
  return {};
}

std::string sentence(const ComparedSetting& setting, const ComparedSetting& of_default) {
  const std::string time = time_of(setting, of_default);
  std::string text = "`" + setting.name + "` ";
  text += time.empty() ? "is measured by its pauses alone" : time;
  return text + "; " + pauses_of(setting, of_default) + "; " + memory_of(setting, of_default) + ".";
}

/// Those that really save time; where there are none, those whose saving the spread hides.
std::vector<std::size_t> candidates_for_time(const std::vector<ComparedSetting>& settings) {
  std::vector<std::size_t> really;
  std::vector<std::size_t> hidden;
  for (std::size_t i = 1; i < settings.size(); ++i) {
    if (!may_be_taken(settings[i]) || !saves_time(settings[i], settings[0])) continue;
    (settings[i].cost->to_default == Difference::kLess ? really : hidden).push_back(i);
  }
  return really.empty() ? hidden : really;
}

std::optional<std::size_t> best_for_time(const std::vector<ComparedSetting>& settings) {
  const std::vector<std::size_t> candidates = candidates_for_time(settings);
  if (candidates.empty()) return std::nullopt;
  const auto cost = [&](std::size_t i) { return settings[i].cost->spread.median; };
  const std::size_t best = *std::ranges::min_element(candidates, {}, cost);
  const auto longest = [&](std::size_t i) { return settings[i].longest_seconds.spread.median; };
  const auto lines = [&](std::size_t i) { return code_of(settings[i].runs->setting).size(); };
  std::size_t chosen = best;
  for (const std::size_t i : candidates) {
    const auto to_best = difference(settings[i].cost->by_round, settings[best].cost->by_round);
    if (to_best != Difference::kWithinSpread) continue;
    const bool is_shorter = longest(i) < kWorthWhile * longest(chosen);
    const bool is_as_short = longest(i) * kWorthWhile <= longest(chosen);
    if (is_shorter || (is_as_short && lines(i) < lines(chosen))) chosen = i;
  }
  return chosen;
}

std::optional<std::size_t> best_for_pauses(const std::vector<ComparedSetting>& settings) {
  std::optional<std::size_t> best;
  const auto longest = [&](std::size_t i) { return settings[i].longest_seconds.spread.median; };
  if (longest(0) < kPauseThatMatters) return best;
  for (std::size_t i = 1; i < settings.size(); ++i) {
    if (!may_be_taken(settings[i])) continue;
    if (settings[i].longest_seconds.to_default != Difference::kLess) continue;
    if (!(longest(i) < kWorthWhile * longest(0))) continue;
    if (!best || longest(i) < longest(*best)) best = i;
  }
  return best;
}

const ComparedSetting* disabled_of(const std::vector<ComparedSetting>& settings) {
  const auto found = std::ranges::find_if(settings, [](const ComparedSetting& setting) {
    return setting.runs->setting.is_disabled && setting.runs->setting.collect.empty();
  });
  return found == settings.end() ? nullptr : &*found;
}

void remark_on_disabled(const std::vector<ComparedSetting>& settings, Recommendations& result) {
  const ComparedSetting* disabled = disabled_of(settings);
  if (disabled == nullptr || !disabled->cost) return;
  if (disabled->cost->to_default == Difference::kLess) {
    result.remarks.push_back(
        "Without any collection it takes " + percent(-disabled->cost->change) +
        " less processor time, at " +
        format_bytes(static_cast<std::uint64_t>(disabled->peak_bytes.spread.median)) +
        " of memory: no setting can save more than that.");
  } else if (disabled->cost->to_default == Difference::kMore) {
    result.remarks.push_back(
        "Without any collection it takes " + percent(disabled->cost->change) + " more, at " +
        format_bytes(static_cast<std::uint64_t>(disabled->peak_bytes.spread.median)) +
        " of memory: what is not freed is fetched anew.");
  }
}

}  // namespace

Recommendations recommend(const std::vector<ComparedSetting>& settings) {
  Recommendations result;
  if (settings.empty()) return result;
  const auto recommendation = [&](std::size_t i) {
    return Recommendation{i, sentence(settings[i], settings[0]),
                          code_of(settings[i].runs->setting)};
  };
  const auto longest = [&](std::size_t i) { return settings[i].longest_seconds.spread.median; };
  const auto time = best_for_time(settings);
  if (time) result.for_time = recommendation(*time);
  const auto pauses = best_for_pauses(settings);
  if (pauses && (!time || longest(*pauses) < kWorthWhile * longest(*time))) {
    result.for_pauses = recommendation(*pauses);
  }
  if (settings[0].runs->runs.size() < 2) {
    result.remarks.emplace_back(
        "One round says nothing about the spread, so nothing is recommended: --runs 5.");
  } else if (!time && !pauses && settings[0].collector_part < kPartThatMatters) {
    result.remarks.push_back("The collector takes " + percent(settings[0].collector_part) +
                             " of the processor time, and pauses the program for " +
                             format_seconds(longest(0)) + " at most: leave it as it is.");
  } else if (!time && !pauses) {
    result.remarks.emplace_back(
        "No setting is better than the default beyond the spread: leave the collector as it is.");
  }
  remark_on_disabled(settings, result);
  return result;
}

}  // namespace ouro::report
