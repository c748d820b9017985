// Watching a collector: what its numbers say over time.
//
// Each look gives the flag `collecting` and the counters. The time that passed between two looks,
// weighed by how many of both saw the flag set, is time spent collecting, on average exactly so,
// however short collections are: a tenth of them may be seen, and then count tenfold. Which
// generation it was says the counter that has risen when a collection ends. How many there were say
// the counters, so that means are unbiased, too; how long a single one took is known to about the
// time between two looks, and those between two looks are known to be shorter than that.
// CPython 3.15 remembers how long its last collections took: those are exact.
//
//   flag      0   0   1   1   1   0   0      looks
//                 |<--------->|              seen: 3 looks long, give or take one
//   counter   7   7   7   7   7   8   8      so it was generation 0's eighth
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "python/attach/collector_state.hpp"
#include "report/collector.hpp"

namespace ouro::python::attach {

/// Of one thread.
class CollectorWatch {
 public:
  using Clock = std::chrono::steady_clock;

  explicit CollectorWatch(CollectorReader reader);

  /// Looks once. False: the process has ended, or has become another program.
  bool look() { return look_at(Clock::now()); }
  /// All but what the process is called and how many objects are tracked.
  report::CollectorSummary summary() const;
  const CollectorReader& reader() const { return reader_; }

 private:
  struct Watched {
    double seconds = 0;
    report::PauseHistogram pauses;
    std::int64_t last_in_vain = 0;
    std::int64_t last_remembered = 0;
  };

  bool look_at(Clock::time_point now);
  void count_pauses(const CollectorState& state, Clock::duration since_last);
  void take_remembered(const CollectorState& state);

  CollectorReader reader_;
  std::optional<CollectorState> first_;
  CollectorState last_;
  Clock::time_point begun_;
  Clock::time_point last_look_;
  std::array<Watched, kCollectedGenerations> watched_;
  /// Time with the flag set since a counter last rose or the flag was last not set.
  std::chrono::nanoseconds unclaimed_{0};
  int last_generation_ = -1;  ///< whose counter rose while the flag was still set
  std::uint64_t looks_ = 0;
  std::chrono::nanoseconds longest_period_{0};
};

/// A watch in a thread of its own.
class CollectorSampling {
 public:
  /// Looks about so often, at irregular times: nothing regular in the program is missed, or met,
  /// each time.
  CollectorSampling(CollectorReader reader, std::chrono::nanoseconds period);
  CollectorSampling(const CollectorSampling&) = delete;
  CollectorSampling& operator=(const CollectorSampling&) = delete;
  ~CollectorSampling();

  bool has_ended() const;
  report::CollectorSummary summary() const;

 private:
  void run();

  mutable std::mutex mutex_;
  CollectorWatch watch_;
  std::chrono::nanoseconds period_;
  bool must_end_ = false;
  bool has_ended_ = false;
  std::thread thread_;
};

}  // namespace ouro::python::attach
