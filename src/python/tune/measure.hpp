// Runs a program once, under one setting of its collector, and measures it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/attach/exit_notice.hpp"
#include "python/attach/interruption.hpp"
#include "python/tune/shim.hpp"
#include "report/tune/measured_run.hpp"

namespace ouro::python::tune {

/// What to run, the same for all settings.
struct Workload {
  std::vector<std::string> words;  ///< as execvp() takes them
  std::string input = "/dev/null";
  std::optional<std::chrono::milliseconds> time_limit;
  std::uint64_t memory_limit_bytes = 0;  ///< 0: none
  std::string load;                      ///< a shell command that drives it; may be empty
  std::string ready;                     ///< what the program prints when the load may begin
};

/// What to do while it still lives, just before it ends: by itself, or at a limit.
struct BeforeEnd {
  attach::ExitNotice notice;
  std::function<void(pid_t)> act;
};

/// A process group of its own, ended with all that is in it; streams are not this process's.
/// Errors: the program cannot be started (kNotFound, kPermissionDenied), has failed (kInputOutput,
/// the place says how, the message what it said last), or an interruption came (kInputOutput, place
/// "").
Result<report::MeasuredRun> measure(const Workload& workload,
                                    const report::CollectorSetting& setting, const Shim& shim,
                                    const attach::Interruption& interruption,
                                    std::optional<BeforeEnd> before_end = std::nullopt);

}  // namespace ouro::python::tune
