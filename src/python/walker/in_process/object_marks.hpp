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
    for_each_eight([&](std::uint64_t first, std::uint64_t eight) {
      for (std::uint64_t left = eight & ~(eight >> 1) & kTrackedOfEight; left != 0;
           left &= left - 1) {
        const auto byte = static_cast<std::uint64_t>(__builtin_ctzll(left)) / 8;
        const std::uint64_t half = eight >> (8 * byte) & kHalf;
        visit(first + (byte << kShift) + (half << (kShift - 1)));
      }
    });
  }
  /// How many are tracked. When nobody marks.
  std::uint64_t tracked_count() const {
    std::uint64_t count = 0;
    for_each_eight([&](std::uint64_t, std::uint64_t eight) {
      count += static_cast<std::uint64_t>(__builtin_popcountll(eight & kTrackedOfEight));
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

  /// The bytes of the 256 bytes of the heap from each address on.
  template <class VisitEight>
  void for_each_eight(VisitEight visit) const {
    bytes_.for_each_leaf([&](std::uint64_t first, const Byte* leaf) {
      for (std::uint64_t at = 0; at < Bytes::kLeafSize; at += 8) {
        std::uint64_t eight;
        __builtin_memcpy(&eight, leaf + at, sizeof eight);
        visit(first + (at << kShift), eight);
      }
    });
  }

  Bytes bytes_;
};

}  // namespace ouro::python::walker
