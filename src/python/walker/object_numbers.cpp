#include "python/walker/object_numbers.hpp"

#include "python/stream/records.hpp"

namespace ouro::python::walker {

namespace {

constexpr std::uint32_t kMostObjects = stream::kNoNode - 1;

/// Fibonacci hashing: the high half spreads addresses that differ in any bits.
std::uint64_t hash_of(std::uint64_t address) {
  return (address >> 4) * 0x9E3779B97F4A7C15u;
}

}  // namespace

ObjectNumbers::~ObjectNumbers() {
  unmap_pages(flat_, kFlatBytes);
  unmap_pages(touched_, kTouchedBytes);
  unmap_pages(slots_, slot_count_ * sizeof(Slot));
}

bool ObjectNumbers::open(Map map) {
  if (!addresses_.reserve(1)) return false;
  if (map == Map::kFlat) flat_ = static_cast<std::uint32_t*>(map_pages(kFlatBytes));
  if (flat_ != nullptr) touched_ = static_cast<std::uint8_t*>(map_pages(kTouchedBytes));
  return flat_ != nullptr || grow_hashed();
}

// A page of the map covers 16 KiB of the heap.
void ObjectNumbers::note_page_of_map(std::uint64_t address) {
  if (touched_ == nullptr) return;
  const std::uint64_t page = address >> 14;
  const auto bit = static_cast<std::uint8_t>(1u << (page & 7));
  if ((touched_[page >> 3] & bit) != 0) return;
  touched_[page >> 3] |= bit;
  ++touched_pages_;
}

std::uint32_t ObjectNumbers::append(std::uint64_t address) {
  if (count_ == kMostObjects || !addresses_.reserve(count_ + 1)) {
    failed_ = true;
    return 0;
  }
  addresses_[count_] = address;
  note_page_of_map(address);
  return count_++;
}

std::uint32_t ObjectNumbers::find(std::uint64_t address) const {
  if (address > kAddressMask) return stream::kNoNode;
  if (flat_ != nullptr) return flat_[address >> 4] - 1;  // 0 - 1 is kNoNode
  const std::uint64_t hash = hash_of(address);
  for (std::uint64_t at = hash >> 32;; ++at) {
    const Slot& slot = slots_[at & (slot_count_ - 1)];
    if (slot.number_plus_1 == 0) return stream::kNoNode;
    if (slot.tag == static_cast<std::uint32_t>(hash) &&
        addresses_[slot.number_plus_1 - 1] == address) {
      return slot.number_plus_1 - 1;
    }
  }
}

std::uint32_t ObjectNumbers::number_of_hashed(std::uint64_t address) {
  const std::uint32_t found = find(address);
  if (found != stream::kNoNode) return found;
  if (3 * std::uint64_t{count_} > 2 * slot_count_ && !grow_hashed()) {
    failed_ = true;
    return 0;
  }
  const std::uint32_t number = append(address);
  if (failed_) return 0;
  const std::uint64_t hash = hash_of(address);
  std::uint64_t at = hash >> 32;
  while (slots_[at & (slot_count_ - 1)].number_plus_1 != 0) ++at;
  slots_[at & (slot_count_ - 1)] = {.number_plus_1 = number + 1,
                                    .tag = static_cast<std::uint32_t>(hash)};
  return number;
}

bool ObjectNumbers::grow_hashed() {
  const std::uint64_t slot_count = slot_count_ == 0 ? 1u << 16 : 2 * slot_count_;
  auto* slots = static_cast<Slot*>(map_pages(slot_count * sizeof(Slot)));
  if (slots == nullptr) return false;
  for (std::uint32_t number = 0; number < count_; ++number) {
    const std::uint64_t hash = hash_of(addresses_[number]);
    std::uint64_t at = hash >> 32;
    while (slots[at & (slot_count - 1)].number_plus_1 != 0) ++at;
    slots[at & (slot_count - 1)] = {.number_plus_1 = number + 1,
                                    .tag = static_cast<std::uint32_t>(hash)};
  }
  unmap_pages(slots_, slot_count_ * sizeof(Slot));
  slots_ = slots;
  slot_count_ = slot_count;
  return true;
}

std::uint64_t ObjectNumbers::memory_bytes() const {
  const std::uint64_t queue = std::uint64_t{count_} * sizeof(std::uint64_t);
  if (flat_ == nullptr) return queue + slot_count_ * sizeof(Slot);
  return queue + touched_pages_ * 4096;
}

}  // namespace ouro::python::walker
