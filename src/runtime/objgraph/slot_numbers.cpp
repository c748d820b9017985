#include "runtime/objgraph/slot_numbers.hpp"

#include <algorithm>

namespace ouro::objgraph {

SlotNumbers::SlotNumbers(const detail::HeapState& heap) {
  if (heap.pages.empty()) return;
  const auto [lowest, highest] = std::ranges::minmax(heap.pages);
  lowest_page_ = static_cast<std::size_t>(lowest - detail::region.pages);
  pages_.resize(static_cast<std::size_t>(highest - lowest) + 1);
  for (const detail::Page* page : heap.pages) {
    pages_[static_cast<std::size_t>(page - lowest)] = {
        .first = size_,
        .slot_count = page->slot_count,
        .slot_bytes = page->slot_bytes,
        .first_object_offset =
            page->first_offset + static_cast<std::uint32_t>(sizeof(detail::ObjectHeader)),
    };
    size_ += page->slot_count;
  }
}

}  // namespace ouro::objgraph
