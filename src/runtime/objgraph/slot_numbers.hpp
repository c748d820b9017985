// Numbers the slots of a heap from 0 on, so that what an algorithm knows of each object can stand
// in an array: no hashing. 24 bytes a page; numbers follow the order of the heap's pages.
//
// A picture of the moment: an object made later has a number if its page was there, and otherwise
// none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/heap_state.hpp"

namespace ouro::objgraph {

class SlotNumbers {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit SlotNumbers(const detail::HeapState& heap);

  std::size_t size() const noexcept { return size_; }

  /// kNone for an object of another heap.
  std::size_t number_of(const void* object) const noexcept {
    const std::size_t index = detail::region.page_index(object) - lowest_page_;
    if (index >= pages_.size()) return kNone;
    const NumberedPage& page = pages_[index];
    const auto offset = static_cast<std::uint32_t>(
        (reinterpret_cast<std::uintptr_t>(object) - detail::region.base) % detail::kPageBytes);
    const std::uint32_t slot = (offset - page.first_object_offset) / page.slot_bytes;
    return slot < page.slot_count ? page.first + slot : kNone;
  }

 private:
  struct NumberedPage {
    std::size_t first = 0;
    std::uint32_t slot_count = 0;  ///< 0: not a page of the heap
    std::uint32_t slot_bytes = 1;
    std::uint32_t first_object_offset = 0;
  };

  std::vector<NumberedPage> pages_;  ///< by number of the page in the region, from lowest_page_ on
  std::size_t lowest_page_ = 0;
  std::size_t size_ = 0;
};

}  // namespace ouro::objgraph
