// Which number an object has, and which object a number: numbers in the order of discovery.
//
// number by address: a flat array over the whole address space, a u32 for each 16 bytes, mapped
// without reserving memory: pages are touched only where objects are, so it costs a quarter of the
// heap's pages at most, no hashing, no comparison, and keeps the locality of the heap. No two
// objects share a slot: an object has at least 16 bytes.
//
//   address   0x7f3a_1c40_2a90                    2^47 bytes of addresses
//   slot      0x07f3_a1c4_02a9  -> number + 1     32 TiB of slots, mapped, not reserved
//
// Where 32 TiB may not be mapped (RLIMIT_AS, overcommit_memory = 2, gVisor): a hash table of
// 8 bytes a slot with open addressing, which costs two to three times the time.
#pragma once

#include <cstdint>

#include "python/walker/memory.hpp"

namespace ouro::python::walker {

class ObjectNumbers {
 public:
  enum class Map { kFlat, kHashed };

  ObjectNumbers() = default;
  ObjectNumbers(const ObjectNumbers&) = delete;
  ObjectNumbers& operator=(const ObjectNumbers&) = delete;
  ~ObjectNumbers();

  /// Before anything else. False where there is no memory. `kHashed` asks for the fallback.
  bool open(Map map = Map::kFlat);

  /// The number of the object, a new one if it has none.
  std::uint32_t number_of(std::uint64_t address) {
    if (flat_ == nullptr) return number_of_hashed(address);
    std::uint32_t& slot = flat_[address >> 4];
    if (slot != 0) return slot - 1;
    slot = append(address) + 1;
    return slot - 1;
  }
  /// Its number, or kNoNode.
  std::uint32_t find(std::uint64_t address) const;
  void prefetch(std::uint64_t address) const {
    if (flat_ != nullptr) __builtin_prefetch(&flat_[(address & kAddressMask) >> 4]);
  }

  std::uint64_t address_at(std::uint32_t number) const { return addresses_[number]; }
  std::uint32_t count() const { return count_; }
  bool is_flat() const { return flat_ != nullptr; }
  /// No memory, or more than 2^32 - 2 objects: numbers given since are wrong.
  bool failed() const { return failed_; }
  /// That was touched: the queue and the map.
  std::uint64_t memory_bytes() const;

 private:
  static constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << 47) - 1;
  static constexpr std::uint64_t kFlatBytes = (std::uint64_t{1} << 47) / 16 * 4;
  static constexpr std::uint64_t kTouchedBytes = kFlatBytes / 4096 / 8;

  struct Slot {
    std::uint32_t number_plus_1;
    std::uint32_t tag;  ///< of the hash, so that most comparisons need no address
  };

  std::uint32_t append(std::uint64_t address);
  void note_page_of_map(std::uint64_t address);
  std::uint32_t number_of_hashed(std::uint64_t address);
  bool grow_hashed();

  std::uint32_t* flat_ = nullptr;
  std::uint8_t* touched_ = nullptr;  ///< a bit for each page of the flat map; null: not counted
  std::uint64_t touched_pages_ = 0;
  Slot* slots_ = nullptr;
  std::uint64_t slot_count_ = 0;  ///< a power of two
  GrowingArray<std::uint64_t> addresses_;
  std::uint32_t count_ = 0;
  bool failed_ = false;
};

}  // namespace ouro::python::walker
