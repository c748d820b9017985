// A program over time: when it is looked at, what is kept of that, what it means.
//
//   Watch watch(std::move(target), options, interruption);
//   while (watch.goes_on()) {
//     const Watch::News news = watch.advance();
//     ...                              // what is new: show it, log it
//     sleep until watch.next_event(), 0.2 s at most while is_looking()
//   }
//
// All but the light captures happens in the caller's thread; they happen in one of the watch's own.
// Nothing stays in the target between two looks.
//
// SIGCHLD had better be blocked in all threads, which Interruption does for those made after it:
// otherwise a step of an attach may take 0.2 ms longer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "python/attach/collector_watch.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/target.hpp"
#include "python/attach/totals.hpp"
#include "report/collector.hpp"
#include "watch/identity.hpp"
#include "watch/pace.hpp"
#include "watch/sample.hpp"
#include "watch/series.hpp"
#include "watch/type_growth.hpp"
#include "watch/verdict.hpp"
#include "watch/worker.hpp"

namespace ouro::watch {

struct WatchOptions {
  python::attach::AttachOptions attach;
  /// No look begins sooner after the one before.
  std::chrono::milliseconds interval = std::chrono::seconds(2);
  /// Of the target's time that looks may cost: 0.02 is 2 %.
  double budget = 0.02;
};

class Watch {
 public:
  Watch(python::attach::Target target, const WatchOptions& options,
        const python::attach::Interruption& interruption);

  struct News {
    bool has_sample = false;
    bool has_look = false;
    bool is_other_program = false;  ///< it has replaced itself; all growth is counted anew
  };
  /// Does what is due; never waits for the target.
  News advance();
  Clock::time_point next_event() const;

  /// False: ended() says why.
  bool goes_on() const { return ended_.empty(); }
  /// "process 4711 has ended".
  const std::string& ended() const { return ended_; }
  /// Why the last look failed; empty: it did not.
  const std::string& problem() const { return problem_; }
  bool is_looking() const { return worker_.is_busy(); }

  /// Looks begin no more; memory is still read.
  void pause(bool is_paused) { is_paused_ = is_paused; }
  bool is_paused() const { return is_paused_; }
  /// Counts growth from now on.
  void restart();
  /// Something else to do with the target, when no look is under way; the next look waits for it.
  void do_with_target(std::function<void(const python::attach::Target&)> job);
  bool is_doing() const { return is_doing_ && worker_.is_busy(); }

  double seconds() const;  ///< since the beginning
  const python::attach::Target& target() const { return target_; }
  const Sample& sample() const { return sample_; }
  const Look* look() const { return look_ ? &*look_ : nullptr; }
  std::uint64_t look_count() const { return look_count_; }
  const TypeGrowth& types() const { return types_; }
  const Verdict& verdict() const { return verdict_; }
  const Series& rss() const { return rss_; }
  const Series& pss() const { return pss_; }
  const Series& uss() const { return uss_; }
  /// Sample::private_bytes().
  const Series& private_memory() const { return private_; }
  const Series& object_bytes() const { return object_bytes_; }
  /// Of the time since the beginning that was spent on watching: by the target standing still, by
  /// clones, by all that this process did.
  double cost_share() const;
  std::chrono::nanoseconds stood_still() const { return stood_still_; }
  /// Of the collector, since the beginning; nothing where it cannot be read from outside.
  std::optional<report::CollectorSummary> collector() const;

 private:
  void forget();
  void judge();
  void watch_collector();
  void read_memory(News& news);
  void begin_look();
  void take_result(News& news);
  void find_target_again(News& news);

  python::attach::Target target_;
  Identity identity_;
  WatchOptions options_;
  const python::attach::Interruption& interruption_;
  Clock::time_point begin_ = Clock::now();
  Pace memory_pace_;
  Pace look_pace_;
  bool is_paused_ = false;
  bool is_doing_ = false;
  std::string ended_;
  std::string problem_;

  Sample sample_;
  std::optional<Look> look_;
  std::uint64_t look_count_ = 0;
  std::chrono::nanoseconds stood_still_{0};
  std::chrono::nanoseconds cost_of_target_{0};
  std::chrono::nanoseconds own_cpu_at_begin_;
  /// Of the oldest generation, at each look; empty where that is not known.
  Series full_collections_;
  Series rss_, pss_, uss_, private_, object_bytes_;
  TypeGrowth types_;
  Verdict verdict_;

  std::unique_ptr<python::attach::CollectorSampling> collector_;

  struct Result {
    std::optional<ouro::Result<python::attach::HeapTotals>> totals;
    std::chrono::nanoseconds own_cpu{0};
    std::uint64_t page_faults = 0;
    Clock::time_point begin{};
  } result_;       ///< the worker's, while it is busy
  Worker worker_;  ///< last, so that it has ended before what it uses
};

}  // namespace ouro::watch
