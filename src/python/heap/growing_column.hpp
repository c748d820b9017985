// A graph::Column that is written while its numbers come: two bytes each, and wider as soon as that
// takes fewer bytes than its exceptions. So there is nothing left to pack at the end.
#pragma once

#include <cstddef>
#include <cstdint>

#include "graph/column.hpp"
#include "python/heap/growing_array.hpp"

namespace ouro::python::heap {

class GrowingColumn {
 public:
  static constexpr std::size_t kFewestToWiden = 1u << 19;
  /// Never wider before it has so many exceptions.
  explicit GrowingColumn(std::size_t fewest_to_widen = kFewestToWiden)
      : fewest_to_widen_(fewest_to_widen) {}

  void push_back(std::uint64_t value) {
    if (width_ == 2) [[likely]] {
      if (value < kLargest2) [[likely]]
        return narrow_.push_back(static_cast<std::uint16_t>(value));
    } else if (value < kLargest4) {
      return wide_.push_back(static_cast<std::uint32_t>(value));
    }
    push_exception(value);
  }

  std::uint32_t size() const {
    return static_cast<std::uint32_t>(width_ == 2 ? narrow_.size() : wide_.size());
  }
  std::uint64_t operator[](std::uint32_t position) const { return view()[position]; }
  /// Precondition: the number there is at least `amount`. Ends no views.
  void subtract(std::uint32_t position, std::uint64_t amount);
  /// Valid until the next number comes.
  graph::Column view() const;

 private:
  static constexpr std::uint64_t kLargest2 = 0xFFFF;
  static constexpr std::uint64_t kLargest4 = 0xFFFFFFFF;

  void push_exception(std::uint64_t value);
  void widen();

  std::size_t fewest_to_widen_;
  unsigned width_ = 2;
  GrowingArray<std::uint16_t> narrow_;
  GrowingArray<std::uint32_t> wide_;
  GrowingArray<std::uint32_t> exception_positions_;
  GrowingArray<std::uint64_t> exception_values_;
};

}  // namespace ouro::python::heap
