// How long pauses were, in constant memory: a histogram whose places grow with what they hold, so
// that each is known to 1/32 of itself from a nanosecond to hours (Tene's HdrHistogram).
//
//   place     0 1 ... 31 | 32 ... 63 | 64 ... 95       | 96 ...
//   holds ns  0 1 ... 31 | 32 ... 63 | 64 66 ... 126   | 128 132 ...
//
// The shim of `ouro tune` counts into the same places.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ouro::report {

class PauseHistogram {
 public:
  static constexpr std::size_t kPlaces = 1344;

  static std::size_t place_of(std::uint64_t nanoseconds);
  /// The middle of what the place holds.
  static std::uint64_t value_at(std::size_t place);

  void add(std::chrono::nanoseconds pause, std::uint64_t times = 1);
  /// As somebody else has counted them.
  void add_at(std::size_t place, std::uint64_t times);
  /// Pauses too short to be seen: they count below all others.
  void add_unseen(std::uint64_t times) { unseen_ += times; }
  /// One that was counted as unseen has been seen after all.
  void see_unseen(std::chrono::nanoseconds pause);
  void add(const PauseHistogram& other);

  std::uint64_t count() const { return unseen_ + seen_; }
  std::uint64_t unseen() const { return unseen_; }
  /// The pause that so large a part of all is at most as long as; nothing where that is one of the
  /// unseen, or there is none. Precondition: 0 <= part <= 1.
  std::optional<std::chrono::nanoseconds> quantile(double part) const;
  /// 0 where none was seen.
  std::chrono::nanoseconds longest() const { return longest_; }
  void note_longest(std::chrono::nanoseconds pause);

 private:
  std::array<std::uint64_t, kPlaces> times_{};
  std::uint64_t seen_ = 0;
  std::uint64_t unseen_ = 0;
  std::chrono::nanoseconds longest_{0};
};

}  // namespace ouro::report
