#include "python/heap/growing_column.hpp"

#include <algorithm>
#include <utility>

namespace ouro::python::heap {

void GrowingColumn::push_exception(std::uint64_t value) {
  // An exception takes 12 bytes, and two bytes more each all that is there. The beginning of a
  // heap, such as a list of 300,000, says nothing about the rest of it.
  if (width_ == 2 && exception_positions_.size() >= fewest_to_widen_ &&
      exception_positions_.size() > narrow_.size() / 6) {
    widen();
    return push_back(value);
  }
  exception_positions_.push_back(size());
  exception_values_.push_back(value);
  if (width_ == 2) {
    narrow_.push_back(static_cast<std::uint16_t>(kLargest2));
  } else {
    wide_.push_back(static_cast<std::uint32_t>(kLargest4));
  }
}

void GrowingColumn::widen() {
  wide_.reserve(narrow_.size() * 2);
  for (const std::uint16_t value : narrow_.span()) wide_.push_back(value);
  narrow_.clear();
  GrowingArray<std::uint32_t> positions;
  GrowingArray<std::uint64_t> values;
  for (std::size_t at = 0; at < exception_positions_.size(); ++at) {
    const std::uint32_t position = exception_positions_[at];
    const std::uint64_t value = exception_values_[at];
    if (value < kLargest4) {
      wide_[position] = static_cast<std::uint32_t>(value);
      continue;
    }
    wide_[position] = static_cast<std::uint32_t>(kLargest4);
    positions.push_back(position);
    values.push_back(value);
  }
  exception_positions_ = std::move(positions);
  exception_values_ = std::move(values);
  width_ = 4;
}

void GrowingColumn::subtract(std::uint32_t position, std::uint64_t amount) {
  if (width_ == 2 && narrow_[position] != kLargest2) {
    narrow_[position] = static_cast<std::uint16_t>(narrow_[position] - amount);
  } else if (width_ == 4 && wide_[position] != kLargest4) {
    wide_[position] = static_cast<std::uint32_t>(wide_[position] - amount);
  } else {
    // One of the exceptions, and stays one: every number too large for the width is.
    const auto positions = exception_positions_.span();
    const auto found = std::ranges::lower_bound(positions, position);
    exception_values_[static_cast<std::size_t>(found - positions.begin())] -= amount;
  }
}

graph::Column GrowingColumn::view() const {
  const auto* bytes = width_ == 2 ? reinterpret_cast<const std::byte*>(narrow_.data())
                                  : reinterpret_cast<const std::byte*>(wide_.data());
  return {bytes, size(), width_, exception_positions_.span(), exception_values_.span()};
}

}  // namespace ouro::python::heap
