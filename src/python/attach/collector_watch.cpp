#include "python/attach/collector_watch.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <random>
#include <utility>

namespace ouro::python::attach {

using std::chrono::duration;
using std::chrono::nanoseconds;

CollectorWatch::CollectorWatch(CollectorReader reader) : reader_(std::move(reader)) {}

bool CollectorWatch::look_at(Clock::time_point now) {
  const auto state = reader_.read();
  if (!state) return false;
  if (!first_) {
    first_ = state;
    begun_ = now;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
      watched_[i].last_remembered = state->generations[i].collections;
    }
  } else {
    longest_period_ = std::max<nanoseconds>(longest_period_, now - last_look_);
    if (reader_.place().stats_are_rings) {
      take_remembered(*state);
    } else {
      count_pauses(*state, now - last_look_);
    }
    for (std::size_t i = 0; i < watched_.size(); ++i) {
      const GenerationState& is = state->generations[i];
      const GenerationState& was = last_.generations[i];
      if (is.collected > was.collected) {
        watched_[i].last_in_vain = 0;
      } else {
        watched_[i].last_in_vain += is.collections - was.collections;
      }
    }
  }
  last_ = *state;
  last_look_ = now;
  ++looks_;
  return true;
}

void CollectorWatch::count_pauses(const CollectorState& state, Clock::duration since_last) {
  const int flags = int{last_.is_collecting} + int{state.is_collecting};
  unclaimed_ += since_last * flags / 2;
  // What rose meanwhile belongs to collections that were over before this one was seen to begin.
  const bool is_beginning = !last_.is_collecting && state.is_collecting;
  int oldest = -1;
  for (int i = 0; i < kCollectedGenerations; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int64_t risen =
        state.generations[at].collections - last_.generations[at].collections;
    if (risen <= 0) continue;
    watched_[at].pauses.add_unseen(static_cast<std::uint64_t>(risen));
    oldest = i;
  }
  if (oldest >= 0 && unclaimed_.count() > 0 && !is_beginning) {
    // Of several that ended between two looks, the one seen is most likely the longest.
    Watched& seen = watched_[static_cast<std::size_t>(oldest)];
    seen.pauses.see_unseen(unclaimed_);
    seen.seconds += duration<double>(unclaimed_).count();
    unclaimed_ = nanoseconds(0);
    last_generation_ = oldest;
  }
  if (state.is_collecting) return;
  // What passed between the rise of the counter and the end of the flag: callbacks, mostly.
  if (oldest < 0 && last_generation_ >= 0) {
    watched_[static_cast<std::size_t>(last_generation_)].seconds +=
        duration<double>(unclaimed_).count();
  }
  unclaimed_ = nanoseconds(0);
  last_generation_ = -1;
}

void CollectorWatch::take_remembered(const CollectorState& state) {
  for (const RememberedCollection& one : reader_.remembered()) {
    const auto at = static_cast<std::size_t>(one.generation);
    if (one.number <= watched_[at].last_remembered) continue;
    if (one.number > state.generations[at].collections) continue;  // being written just now
    watched_[at].pauses.add(one.took);
  }
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    watched_[i].last_remembered =
        std::max(watched_[i].last_remembered, state.generations[i].collections);
    watched_[i].seconds =
        state.generations[i].seconds.value_or(0) - first_->generations[i].seconds.value_or(0);
  }
}

report::CollectorSummary CollectorWatch::summary() const {
  report::CollectorSummary summary;
  const CollectorPlace& place = reader_.place();
  summary.is_enabled = last_.is_enabled;
  summary.is_incremental = place.is_incremental;
  summary.is_free_threaded = !place.has_lists;
  summary.measures_itself = place.stats_are_rings;
  summary.other_interpreters = place.other_interpreters;
  summary.long_lived = last_.long_lived;
  summary.long_lived_pending = last_.long_lived_pending;
  summary.looks = looks_;
  if (!first_) return summary;
  summary.watched_seconds = duration<double>(last_look_ - begun_).count();
  if (looks_ > 1) {
    summary.period = nanoseconds(last_look_ - begun_) / static_cast<std::int64_t>(looks_ - 1);
  }
  summary.longest_period = longest_period_;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const GenerationState& is = last_.generations[i];
    const GenerationState& was = first_->generations[i];
    report::CollectedGeneration& generation = summary.generations[i];
    generation.threshold = is.threshold;
    generation.count = is.count;
    generation.collections = is.collections;
    generation.collected = is.collected;
    generation.uncollectable = is.uncollectable;
    generation.collections_watched = is.collections - was.collections;
    generation.collected_watched = is.collected - was.collected;
    generation.uncollectable_watched = is.uncollectable - was.uncollectable;
    generation.last_in_vain = watched_[i].last_in_vain;
    generation.paused_seconds = watched_[i].seconds;
    generation.pauses = watched_[i].pauses;
  }
  return summary;
}

CollectorSampling::CollectorSampling(CollectorReader reader, nanoseconds period)
    : watch_(std::move(reader)), period_(period), thread_([this] { run(); }) {}

CollectorSampling::~CollectorSampling() {
  {
    const std::lock_guard lock(mutex_);
    must_end_ = true;
  }
  thread_.join();
}

bool CollectorSampling::has_ended() const {
  const std::lock_guard lock(mutex_);
  return has_ended_;
}

report::CollectorSummary CollectorSampling::summary() const {
  const std::lock_guard lock(mutex_);
  return watch_.summary();
}

void CollectorSampling::run() {
  prctl(PR_SET_TIMERSLACK, 1UL);  // else the kernel makes 50 us more of each sleep
  std::minstd_rand random(1);
  std::uniform_real_distribution<double> part(0.5, 1.5);
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (must_end_) return;
      if (!watch_.look()) {
        has_ended_ = true;
        return;
      }
    }
    std::this_thread::sleep_for(nanoseconds(
        static_cast<std::int64_t>(part(random) * static_cast<double>(period_.count()))));
  }
}

}  // namespace ouro::python::attach
