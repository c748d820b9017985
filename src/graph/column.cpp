#include "graph/column.hpp"

#include <array>

namespace ouro::graph {

namespace {

constexpr std::array<unsigned, 4> kWidths{1, 2, 4, 8};
constexpr std::uint64_t kExceptionBytes = sizeof(std::uint32_t) + sizeof(std::uint64_t);

constexpr std::uint64_t largest_of(unsigned width) {
  return width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * width)) - 1;
}

template <class Value>
unsigned cheapest_width(std::span<const Value> values) {
  std::array<std::uint64_t, 4> too_large{};
  for (const std::uint64_t value : values) {
    for (std::size_t at = 0; at < 3; ++at) too_large[at] += value >= largest_of(kWidths[at]);
  }
  unsigned best = 8;
  std::uint64_t fewest = ~std::uint64_t{0};
  for (std::size_t at = 0; at < kWidths.size(); ++at) {
    const std::uint64_t bytes = values.size() * kWidths[at] + too_large[at] * kExceptionBytes;
    if (bytes < fewest) {
      fewest = bytes;
      best = kWidths[at];
    }
  }
  return best;
}

}  // namespace

template <class Value>
void OwnedColumn::pack(std::span<const Value> values) {
  count_ = static_cast<std::uint32_t>(values.size());
  width_ = cheapest_width(values);
  bytes_.resize(values.size() * width_);
  const std::uint64_t largest = largest_of(width_);
  std::byte* place = bytes_.data();
  for (std::size_t at = 0; at < values.size(); ++at, place += width_) {
    std::uint64_t value = values[at];
    if (width_ < 8 && value >= largest) {
      exception_positions_.push_back(static_cast<std::uint32_t>(at));
      exception_values_.push_back(value);
      value = largest;
    }
    std::memcpy(place, &value, width_);  // little-endian: the low bytes come first
  }
}

OwnedColumn::OwnedColumn(std::span<const std::uint64_t> values) {
  pack(values);
}
OwnedColumn::OwnedColumn(std::span<const std::uint32_t> values) {
  pack(values);
}

Column OwnedColumn::view() const {
  return {bytes_.data(), count_, width_, exception_positions_, exception_values_};
}

}  // namespace ouro::graph
