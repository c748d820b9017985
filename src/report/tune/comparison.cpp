#include "report/tune/comparison.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace ouro::report {

namespace {

using Runs = std::vector<MeasuredRun>;
using Number = std::function<double(const MeasuredRun&)>;

double seconds_of(std::optional<std::chrono::nanoseconds> pause) {
  return std::chrono::duration<double>(pause.value_or(std::chrono::nanoseconds(0))).count();
}

double longest_of(const MeasuredRun& run) {
  std::chrono::nanoseconds longest(0);
  for (const MeasuredRun::Generation& generation : run.generations) {
    longest = std::max(longest, generation.pauses.longest());
  }
  return seconds_of(longest);
}

Compared compared(const Runs& runs, const Runs& of_default, const Number& number) {
  Compared result;
  std::vector<double> baseline;
  std::vector<double> changes;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    result.by_round.push_back(number(runs[i]));
    if (i >= of_default.size()) continue;
    baseline.push_back(number(of_default[i]));
    if (baseline.back() > 0) changes.push_back(result.by_round.back() / baseline.back() - 1);
  }
  result.spread = spread_of(result.by_round);
  if (!changes.empty()) result.change = spread_of(changes).median;
  result.to_default = difference(result.by_round, baseline);
  return result;
}

bool has_cost(const Runs& runs) {
  return std::ranges::all_of(runs,
                             [](const MeasuredRun& run) { return run.cost_seconds().has_value(); });
}

bool counts_units(const Runs& runs) {
  return std::ranges::all_of(
      runs, [](const MeasuredRun& run) { return run.units > 0 && run.wall_seconds > 0; });
}

void add_pauses(const Runs& runs, ComparedSetting& setting) {
  std::int64_t collections = 0;
  std::int64_t collected = 0;
  std::vector<double> p50;
  for (const MeasuredRun& run : runs) {
    p50.push_back(seconds_of(run.pauses().quantile(0.5)));
    collections += run.collections();
    collected += run.collected();
  }
  setting.p50_seconds = spread_of(p50).median;
  setting.collections = collections / static_cast<std::int64_t>(runs.size());
  setting.collected = collected / static_cast<std::int64_t>(runs.size());
}

}  // namespace

std::vector<ComparedSetting> compare(const std::vector<SettingRuns>& settings) {
  std::vector<ComparedSetting> result;
  if (settings.empty() || settings.front().runs.empty()) return result;
  const Runs& of_default = settings.front().runs;
  for (const SettingRuns& one : settings) {
    if (one.runs.empty()) continue;
    const Runs& runs = one.runs;
    ComparedSetting setting;
    setting.runs = &one;
    setting.name = name_of(one.setting);
    if (has_cost(runs) && has_cost(of_default)) {
      setting.cost =
          compared(runs, of_default, [](const MeasuredRun& run) { return *run.cost_seconds(); });
    }
    if (counts_units(runs) && counts_units(of_default)) {
      setting.rate = compared(runs, of_default,
                              [](const MeasuredRun& run) { return run.units / run.wall_seconds; });
    }
    setting.processor =
        compared(runs, of_default, [](const MeasuredRun& run) { return run.processor_seconds; });
    setting.wall =
        compared(runs, of_default, [](const MeasuredRun& run) { return run.wall_seconds; });
    setting.collector_seconds =
        compared(runs, of_default, [](const MeasuredRun& run) { return run.collector_seconds(); });
    setting.p99_seconds = compared(runs, of_default, [](const MeasuredRun& run) {
      return seconds_of(run.pauses().quantile(0.99));
    });
    setting.longest_seconds = compared(runs, of_default, longest_of);
    setting.peak_bytes = compared(runs, of_default, [](const MeasuredRun& run) {
      return static_cast<double>(run.peak_bytes);
    });
    std::vector<double> parts;
    for (const MeasuredRun& run : runs) {
      parts.push_back(run.processor_seconds > 0 ? run.collector_seconds() / run.processor_seconds
                                                : 0);
    }
    setting.collector_part = std::min(1.0, spread_of(parts).median);
    add_pauses(runs, setting);
    result.push_back(std::move(setting));
  }
  return result;
}

}  // namespace ouro::report
