// Numbers for addresses, from 0 in the order in which they come: a set, and a map onto an array.
//
// Open addressing, at most half full, Fibonacci hashing. Kept as small as its contents, unlike
// ObjectNumbers, whose map is made for whole heaps: most questions are for a handful of objects.
#pragma once

#include <cstdint>

#include "python/walker/memory.hpp"

namespace ouro::python::walker {

class AddressTable {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Its number, or kNone.
  std::uint32_t find(std::uint64_t address) const {
    if (count_ == 0) return kNone;
    for (std::uint64_t at = hash_of(address);; ++at) {
      const Slot& slot = slots_[at & mask_];
      if (slot.number_plus_1 == 0) return kNone;
      if (slot.address == address) return slot.number_plus_1 - 1;
    }
  }
  bool contains(std::uint64_t address) const { return find(address) != kNone; }

  /// Its number, a new one if it has none; kNone where there is no memory.
  std::uint32_t number_of(std::uint64_t address) {
    if (2 * (std::uint64_t{count_} + 1) > slot_count_ && !grow()) return kNone;
    std::uint64_t at = hash_of(address);
    for (;; ++at) {
      const Slot& slot = slots_[at & mask_];
      if (slot.number_plus_1 == 0) break;
      if (slot.address == address) return slot.number_plus_1 - 1;
    }
    slots_[at & mask_] = {.address = address, .number_plus_1 = ++count_};
    return count_ - 1;
  }

  std::uint32_t count() const { return count_; }

  AddressTable() = default;
  AddressTable(const AddressTable&) = delete;
  AddressTable& operator=(const AddressTable&) = delete;
  ~AddressTable() { unmap_pages(slots_, slot_count_ * sizeof(Slot)); }

 private:
  struct Slot {
    std::uint64_t address;
    std::uint32_t number_plus_1;  ///< 0: free
  };

  static std::uint64_t hash_of(std::uint64_t address) {
    return ((address >> 4) * 0x9E3779B97F4A7C15u) >> 32;
  }

  bool grow() {
    const std::uint64_t slot_count = slot_count_ == 0 ? 256 : 4 * slot_count_;
    auto* slots = static_cast<Slot*>(map_pages(slot_count * sizeof(Slot)));
    if (slots == nullptr) return false;
    for (std::uint64_t from = 0; from < slot_count_; ++from) {
      if (slots_[from].number_plus_1 == 0) continue;
      std::uint64_t at = hash_of(slots_[from].address);
      while (slots[at & (slot_count - 1)].number_plus_1 != 0) ++at;
      slots[at & (slot_count - 1)] = slots_[from];
    }
    unmap_pages(slots_, slot_count_ * sizeof(Slot));
    slots_ = slots;
    slot_count_ = slot_count;
    mask_ = slot_count - 1;
    return true;
  }

  Slot* slots_ = nullptr;
  std::uint64_t slot_count_ = 0;  ///< a power of two
  std::uint64_t mask_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace ouro::python::walker
