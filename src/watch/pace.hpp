// How often to do what costs something: so that it takes no more than a share of the time.
//
//   after a look that cost c, the next one begins c / share later, and never sooner than `least`
//
// Each look's cost is paid by the time that follows it, so the share holds over any number of
// looks, also where one costs ten times the one before.
#pragma once

#include <algorithm>
#include <chrono>

namespace ouro::watch {

using Clock = std::chrono::steady_clock;

class Pace {
 public:
  /// `share`: 0.02 is 2 %.
  Pace(std::chrono::nanoseconds least, double share) : least_(least), share_(share) {}

  bool is_due(Clock::time_point now) const { return now >= next_; }
  Clock::time_point next() const { return next_; }

  void took(Clock::time_point begin, std::chrono::nanoseconds cost) {
    const std::chrono::duration<double, std::nano> paid(static_cast<double>(cost.count()) / share_);
    const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(paid);
    next_ = begin + std::max(least_, wait);
    whole_cost_ += cost;
  }
  std::chrono::nanoseconds whole_cost() const { return whole_cost_; }

 private:
  std::chrono::nanoseconds least_;
  double share_;
  Clock::time_point next_{};  ///< at once
  std::chrono::nanoseconds whole_cost_{0};
};

}  // namespace ouro::watch
