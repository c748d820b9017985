// A column of unsigned numbers, as narrow as most of them allow.
//
//   values       [ 56 | 72 | 65535 | 48 | ... ]     1, 2, 4 or 8 bytes each
//                              |
//   exceptions   nodes  [ 2 ]          values too large for the width, by position; the widest
//   value
//                values [ 1300000 ]    in `values` stands for "look there"
//
// Sizes and counts of a CPython heap fit two bytes but for one object in 250. Reading one value
// costs a switch over the width, and a binary search for an exception. A width of 8 has no
// exceptions.
//
// A view: the memory belongs to the graph. Thread-safe, as everything constant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace ouro::graph {

class Column {
 public:
  Column() = default;
  /// Precondition: width is 1, 2, 4 or 8; `bytes` has width * count bytes; the positions of the
  /// exceptions rise.
  Column(const std::byte* bytes, std::uint32_t count, unsigned width,
         std::span<const std::uint32_t> exception_positions = {},
         std::span<const std::uint64_t> exception_values = {})
      : bytes_(bytes),
        count_(count),
        width_(width),
        exception_positions_(exception_positions),
        exception_values_(exception_values) {}

  std::uint32_t size() const { return count_; }
  unsigned width() const { return width_; }
  const std::byte* data() const { return bytes_; }
  std::span<const std::uint32_t> exception_positions() const { return exception_positions_; }
  std::span<const std::uint64_t> exception_values() const { return exception_values_; }

  std::uint64_t operator[](std::uint32_t position) const {
    switch (width_) {
      case 1:
        return exact<std::uint8_t>(position);
      case 2:
        return exact<std::uint16_t>(position);
      case 4:
        return exact<std::uint32_t>(position);
      default:
        return read<std::uint64_t>(position);
    }
  }

  /// Calls function(position, value) for every value in order; faster than one at a time.
  template <class Function>
  void for_each(Function&& function) const {
    switch (width_) {
      case 1:
        return walk<std::uint8_t>(function);
      case 2:
        return walk<std::uint16_t>(function);
      case 4:
        return walk<std::uint32_t>(function);
      default:
        return walk<std::uint64_t>(function);
    }
  }

 private:
  template <class Value>
  Value read(std::uint32_t position) const {
    Value value;
    std::memcpy(&value, bytes_ + std::size_t{position} * sizeof(Value), sizeof(Value));
    return value;
  }
  template <class Value>
  std::uint64_t exact(std::uint32_t position) const {
    const Value value = read<Value>(position);
    if (value != static_cast<Value>(-1)) [[likely]]
      return value;
    return exception_at(position, value);
  }
  /// The widest value itself may stand in the column: then no exception has its position.
  std::uint64_t exception_at(std::uint32_t position, std::uint64_t value) const {
    const auto found = std::ranges::lower_bound(exception_positions_, position);
    if (found == exception_positions_.end() || *found != position) return value;
    return exception_values_[static_cast<std::size_t>(found - exception_positions_.begin())];
  }
  template <class Value, class Function>
  void walk(Function& function) const {
    for (std::uint32_t at = 0; at < count_; ++at) {
      if constexpr (sizeof(Value) == 8) {
        function(at, std::uint64_t{read<Value>(at)});
      } else {
        function(at, exact<Value>(at));
      }
    }
  }

  const std::byte* bytes_ = nullptr;
  std::uint32_t count_ = 0;
  unsigned width_ = 1;
  std::span<const std::uint32_t> exception_positions_;
  std::span<const std::uint64_t> exception_values_;
};

/// A column with memory of its own, in the width that takes the fewest bytes.
class OwnedColumn {
 public:
  OwnedColumn() = default;
  explicit OwnedColumn(std::span<const std::uint64_t> values);
  explicit OwnedColumn(std::span<const std::uint32_t> values);

  Column view() const;

 private:
  template <class Value>
  void pack(std::span<const Value> values);

  std::uint32_t count_ = 0;
  unsigned width_ = 1;
  std::vector<std::byte> bytes_;
  std::vector<std::uint32_t> exception_positions_;
  std::vector<std::uint64_t> exception_values_;
};

}  // namespace ouro::graph
