// The rounds of `ouro tune`: a trial, then each setting once a round, then a run that says which
// cycles to cut.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "python/tune/shim.hpp"
#include "report/tune/tuning.hpp"

namespace ouro::cli {

struct TuneOptions : CommonOptions {
  std::string python = "python3";
  std::uint32_t rounds = 5;
  std::string time_limit;
  std::string memory_limit;
  std::string load;
  std::string ready;
  std::string input = "/dev/null";
  std::vector<std::string> thresholds;
  std::vector<std::string> freeze_at;
  std::vector<std::string> freeze_after;
  std::vector<std::string> collect_after;
  bool leaves_cycles_out = false;
  std::string picture;
  bool may_replace = false;
};

/// "10000", "700,10,1000"; empty: something else.
std::vector<std::int64_t> parse_thresholds(const std::string& text);

/// Throws Failure: the program cannot be run, or fails, or an interruption came before a round was
/// done.
report::Tuning measure_rounds(const TuneOptions& options, std::vector<std::string> words,
                              python::tune::Shim shim);

}  // namespace ouro::cli
