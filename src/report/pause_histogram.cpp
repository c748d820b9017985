#include "report/pause_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ouro::report {

namespace {

constexpr unsigned kBits = 5;  ///< 32 places for each power of two
constexpr std::size_t kOfPower = 1u << kBits;

}  // namespace

std::size_t PauseHistogram::place_of(std::uint64_t nanoseconds) {
  const int shift = static_cast<int>(std::bit_width(nanoseconds)) - static_cast<int>(kBits) - 1;
  if (shift < 0) return nanoseconds;
  const std::size_t place =
      (static_cast<std::size_t>(shift) << kBits) + static_cast<std::size_t>(nanoseconds >> shift);
  return std::min(place, kPlaces - 1);
}

std::uint64_t PauseHistogram::value_at(std::size_t place) {
  if (place < 2 * kOfPower) return place;
  const std::size_t shift = (place >> kBits) - 1;
  const std::uint64_t first = std::uint64_t{(place & (kOfPower - 1)) + kOfPower} << shift;
  return first + (std::uint64_t{1} << shift) / 2;
}

void PauseHistogram::add(std::chrono::nanoseconds pause, std::uint64_t times) {
  const auto number =
      static_cast<std::uint64_t>(std::max(pause.count(), decltype(pause.count()){0}));
  add_at(place_of(number), times);
  note_longest(pause);
}

void PauseHistogram::add_at(std::size_t place, std::uint64_t times) {
  times_[std::min(place, kPlaces - 1)] += times;
  seen_ += times;
}

void PauseHistogram::see_unseen(std::chrono::nanoseconds pause) {
  if (unseen_ > 0) --unseen_;
  add(pause);
}

void PauseHistogram::add(const PauseHistogram& other) {
  for (std::size_t i = 0; i < kPlaces; ++i) times_[i] += other.times_[i];
  seen_ += other.seen_;
  unseen_ += other.unseen_;
  note_longest(other.longest_);
}

void PauseHistogram::note_longest(std::chrono::nanoseconds pause) {
  longest_ = std::max(longest_, pause);
}

std::optional<std::chrono::nanoseconds> PauseHistogram::quantile(double part) const {
  if (seen_ == 0) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count())));
  if (rank <= unseen_ && unseen_ > 0) return std::nullopt;
  std::uint64_t passed = unseen_;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    passed += times_[i];
    if (passed >= rank && times_[i] > 0) {
      const std::chrono::nanoseconds value(static_cast<std::int64_t>(value_at(i)));
      return std::min(value, longest_);
    }
  }
  return longest_;
}

}  // namespace ouro::report
