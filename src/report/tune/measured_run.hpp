// One run of a program under one setting of its collector, as measured; and all runs of a setting.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/pause_histogram.hpp"
#include "report/tune/setting.hpp"

namespace ouro::report {

struct MeasuredRun {
  struct Generation {
    std::int64_t collections = 0;
    std::int64_t collected = 0;
    std::int64_t uncollectable = 0;
    double seconds = 0;  ///< of processor time; pauses are of the clock on the wall
    PauseHistogram pauses;
  };
  enum class End { kItself, kTimeLimit, kLoadDone, kMemoryLimit };

  double wall_seconds = 0;       ///< of the work: with a load, that of the load
  double processor_seconds = 0;  ///< of the program and children it has waited for
  std::uint64_t peak_bytes = 0;  ///< most memory in use (VmHWM), of its largest process
  double units = 0;              ///< of work done, as it says by lines "ouro: 500 frames"
  std::string unit;
  std::array<Generation, 3> generations;
  std::optional<std::int64_t> frozen;  ///< gc.get_freeze_count() after the freeze
  bool has_missed_freeze = false;
  bool has_found_function = false;
  bool sets_thresholds = false;      ///< the program itself does
  std::uint32_t python_version = 0;  ///< sys.hexversion; 0: the shim did not run
  std::uint32_t processes = 0;
  End end = End::kItself;

  double collector_seconds() const;
  std::int64_t collections() const;
  std::int64_t collected() const;
  PauseHistogram pauses() const;  ///< of all generations
  /// Processor time for each unit of work: what a setting can save. Of a run that was ended before
  /// it was done, and counts no units, nothing.
  std::optional<double> cost_seconds() const;
};

struct SettingRuns {
  CollectorSetting setting;
  std::vector<MeasuredRun> runs;  ///< one a round
  std::string trouble;            ///< why there are none, or fewer: "stopped at 2.0 GiB"

  bool is_complete() const { return trouble.empty() && !runs.empty(); }
};

/// "3.11.2".
std::string version_text(std::uint32_t hex_version);

}  // namespace ouro::report
