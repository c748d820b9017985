// A byte for each object of the heap, which several threads may write at once: tracked, alive.
//
//   byte     [ ... | alive | tracked | half ]    half: bit 4 of the address
//
// No two tracked objects begin in the same 32 bytes, as each has 16 before it: so a byte for 32
// bytes of the heap is enough.
//
// Bytes, and no bits, because a byte is written without a lock on the bus. So two threads may both
// be told that they were first; what they do then must bear being done twice.
#pragma once

#include <cstdint>

#include "python/walker/in_process/address_tree.hpp"

namespace ouro::python::walker {

class ObjectMarks {
 private:
  static constexpr int kShift = 5;
  // At once: a page that is read first, then written, is another page then, of which all processors
  // are told.
  using Bytes = AddressTree<std::uint8_t, kShift, Take::kAtOnce>;

 public:
  using Byte = std::uint8_t;
  using Finder = Bytes::Finder;

  /// Where the marks of an object are; null where there is no memory.
  Byte* make(std::uint64_t address) { return bytes_.make(address); }
  /// For Finder::find: where they are, or a byte that nobody marks.
  Finder finder() const { return Finder(bytes_); }

  /// Marks as tracked, before any is marked as alive.
  static void track(Byte* marks, std::uint64_t address) {
    __atomic_store_n(marks, tracked(address), __ATOMIC_RELAXED);
  }
  /// Whether any object there is tracked, as far as this thread sees.
  static bool is_tracked(const Byte* marks) { return load_byte(marks) != 0; }
  /// Marks what is tracked as alive. Whether it was tracked and not alive, as far as this thread
  /// sees.
  static bool revive(const Byte* marks, std::uint64_t address) {
    const Byte before = tracked(address);
    if (load_byte(marks) != before) return false;
    __atomic_store_n(const_cast<Byte*>(marks), static_cast<Byte>(before | kAlive),
                     __ATOMIC_RELAXED);
    return true;
  }

  /// Calls `visit(address)` for what is tracked and not alive, by address. When nobody marks.
  template <class VisitAddress>
  void for_each_not_alive(VisitAddress visit) const {
    static_assert(kAlive == 2 * kTracked);
    const auto not_alive = [](std::uint64_t eight) {
      return eight & ~(eight >> 1) & kTrackedOfEight;
    };
    bytes_.for_each_leaf([&](std::uint64_t first, const Byte* leaf) {
      // Nearly all are alive: many bytes at once say so.
      constexpr std::uint64_t kEights = 16;
      for (std::uint64_t at = 0; at < Bytes::kLeafSize; at += 8 * kEights) {
        std::uint64_t eights[kEights];
        __builtin_memcpy(eights, leaf + at, sizeof eights);
        std::uint64_t any = 0;
        for (const std::uint64_t eight : eights) any |= not_alive(eight);
        if (any == 0) continue;
        for (std::uint64_t number = 0; number < kEights; ++number) {
          const std::uint64_t eight = eights[number];
          for (std::uint64_t left = not_alive(eight); left != 0; left &= left - 1) {
            const auto byte = static_cast<std::uint64_t>(__builtin_ctzll(left)) / 8;
            const std::uint64_t half = eight >> (8 * byte) & kHalf;
            visit(first + ((at + 8 * number + byte) << kShift) + (half << (kShift - 1)));
          }
        }
      }
    });
  }
  /// How many are tracked. When nobody marks.
  std::uint64_t tracked_count() const {
    std::uint64_t count = 0;
    bytes_.for_each_leaf([&](std::uint64_t, const Byte* leaf) {
      for (std::uint64_t at = 0; at < Bytes::kLeafSize; at += 8) {
        std::uint64_t eight;
        __builtin_memcpy(&eight, leaf + at, sizeof eight);
        count += static_cast<std::uint64_t>(__builtin_popcountll(eight & kTrackedOfEight));
      }
    });
    return count;
  }

 private:
  static constexpr Byte kHalf = 1;
  static constexpr Byte kTracked = 2;
  static constexpr Byte kAlive = 4;
  static constexpr std::uint64_t kTrackedOfEight = 0x0101'0101'0101'0101 * kTracked;

  static Byte tracked(std::uint64_t address) {
    return static_cast<Byte>(kTracked | (address >> (kShift - 1) & kHalf));
  }
  static Byte load_byte(const Byte* byte) { return __atomic_load_n(byte, __ATOMIC_RELAXED); }

  Bytes bytes_;
};

}  // namespace ouro::python::walker
