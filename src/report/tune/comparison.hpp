// The settings of a program's collector beside each other: each number with its spread over the
// rounds, and whether it differs from the default's.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/tune/measured_run.hpp"
#include "report/tune/statistics.hpp"

namespace ouro::report {

/// A number of a run, over all rounds.
struct Compared {
  std::vector<double> by_round;
  Spread spread;
  /// Median over the rounds of this by the default's, less 1: -0.1 is ten percent less.
  double change = 0;
  Difference to_default = Difference::kWithinSpread;
};

struct ComparedSetting {
  const SettingRuns* runs = nullptr;
  std::string name;
  std::optional<Compared> cost;  ///< processor time, by unit of work where it counts them
  Compared processor;
  Compared wall;
  std::optional<Compared> rate;  ///< units of work a second
  Compared collector_seconds;
  Compared p99_seconds;      ///< of the pauses of each run
  Compared longest_seconds;  ///< the longest pause of each run
  Compared peak_bytes;
  double collector_part = 0;     ///< of processor time
  double p50_seconds = 0;        ///< median of the rounds
  std::int64_t collections = 0;  ///< in a run, on average
  std::int64_t collected = 0;
};

/// Those with runs; the first is the default. The settings must live as long.
std::vector<ComparedSetting> compare(const std::vector<SettingRuns>& settings);
std::vector<ComparedSetting> compare(std::vector<SettingRuns>&&) = delete;  // they refer to it

}  // namespace ouro::report
