// A hash table from 32-bit keys to nodes: open addressing, linear probing, 8 bytes a slot.
//
//   slots   [ key | node + 1 ] [ 0 | 0 ] [ key | node + 1 ] ...       0: a free slot
//
// Keys need not differ: who looks up says whether a node with that key is the one meant. So a
// number is its own key, and a text is found by 32 bits of its hash. Between 3/8 and 3/4 full, 10.7
// to 21.3 bytes a key; while it doubles, half as much again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "text/page_array.hpp"

namespace ouro::text {

class SlotTable {
 public:
  /// The value with this key for which is_meant(value) holds.
  template <class Predicate>
  std::optional<std::uint32_t> find(std::uint32_t key, Predicate&& is_meant) const {
    if (count_ == 0) return std::nullopt;
    for (std::size_t at = position(key);; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.value_plus_one == 0) return std::nullopt;
      if (slot.key == key && is_meant(slot.value_plus_one - 1)) return slot.value_plus_one - 1;
    }
  }

  /// Precondition: find() does not find it; value < 2^32 - 1.
  void insert(std::uint32_t key, std::uint32_t value) {
    if (4 * (count_ + 1) > 3 * slots_.size()) grow();
    std::size_t at = position(key);
    while (slots_[at].value_plus_one != 0) at = (at + 1) & mask_;
    slots_[at] = {key, value + 1};
    ++count_;
  }

  void prefetch(std::uint32_t key) const {
    if (count_ != 0) __builtin_prefetch(&slots_[position(key)]);
  }

  std::size_t size() const { return count_; }

  template <class Function>
  void for_each(Function&& function) const {
    for (const Slot& slot : slots_.span()) {
      if (slot.value_plus_one != 0) function(slot.key, slot.value_plus_one - 1);
    }
  }

 private:
  struct Slot {
    std::uint32_t key;
    std::uint32_t value_plus_one;
  };
  static constexpr std::size_t kFewestSlots = 1024;

  // Fibonacci hashing: the high bits of the product depend on all bits of the key.
  std::size_t position(std::uint32_t key) const {
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15u) >> 20) & mask_;
  }

  void grow() {
    SlotTable larger;
    const std::size_t slots = slots_.size() == 0 ? kFewestSlots : 2 * slots_.size();
    larger.slots_.resize(slots);
    larger.mask_ = slots - 1;
    for_each([&](std::uint32_t key, std::uint32_t value) { larger.insert(key, value); });
    *this = std::move(larger);
  }

  PageArray<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t count_ = 0;
};

}  // namespace ouro::text
