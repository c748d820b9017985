// What the shim in a measured program counts, in memory shared with it: whatever ends the program,
// what was counted until then is here. shim.py writes it, in words of 8 bytes:
//
//   0     4096   8192              slots of 4096 words, one a process, the last for all too many
//   | - | slot | slot | ... |
//
//   slot      0 process   1 begun ns   2 frozen objects + 1   3 freeze ns   4 flags   5 ended ns
//             6 peak KiB  7-9 thresholds at the start  10-12 at the end  13 enabled at the end
//             14 sys.hexversion   15 collections by hand
//             32 + 1352 g   generation g: count, processor ns, longest ns, collected,
//                           uncollectable, at 8 the places of a PauseHistogram
#pragma once

#include <cstdint>
#include <span>

#include <ouro/base/result.hpp>
#include "python/attach/descriptor.hpp"
#include "report/tune/measured_run.hpp"

namespace ouro::python::tune {

class RunRecord {
 public:
  /// Errors: kInputOutput.
  static Result<RunRecord> create();
  RunRecord(RunRecord&& other) noexcept;
  RunRecord& operator=(RunRecord&&) = delete;
  ~RunRecord();

  /// For the program to inherit.
  int descriptor() const { return memory_.number(); }
  /// All that the shim says of a run, of all its processes; the rest of `run` stays.
  void read_into(report::MeasuredRun& run) const;

 private:
  RunRecord(attach::Descriptor memory, std::span<const volatile std::int64_t> words)
      : memory_(std::move(memory)), words_(words) {}

  attach::Descriptor memory_;
  std::span<const volatile std::int64_t> words_;
};

}  // namespace ouro::python::tune
