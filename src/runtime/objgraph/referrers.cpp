#include "runtime/objgraph/referrers.hpp"

#include "runtime/objgraph/edges.hpp"

namespace ouro::objgraph {

Referrers::Referrers(detail::HeapState& heap)
    : numbers_(heap), first_by_slot_(numbers_.size() + 2) {
  // Counting sort: the count of slot s is gathered at s + 2, its sum stands at s + 1 when the
  // second pass begins to move it on to the end of the row; then the row of s begins where that of
  // s - 1 ends.
  for_each_reference_of_heap(heap, [&](const void*, const detail::Reference& reference) {
    const std::size_t slot = numbers_.number_of(reference.object_);
    if (slot != SlotNumbers::kNone) ++first_by_slot_[slot + 2];
  });
  for (std::size_t slot = 1; slot < first_by_slot_.size(); ++slot) {
    first_by_slot_[slot] += first_by_slot_[slot - 1];
  }
  sources_.resize(first_by_slot_.back());
  for_each_reference_of_heap(heap, [&](const void* source, const detail::Reference& reference) {
    const std::size_t slot = numbers_.number_of(reference.object_);
    if (slot != SlotNumbers::kNone) sources_[first_by_slot_[slot + 1]++] = source;
  });
}

std::span<const void* const> Referrers::of(const void* object) const noexcept {
  const std::size_t slot = numbers_.number_of(object);
  if (slot == SlotNumbers::kNone) return {};
  const std::size_t first = first_by_slot_[slot];
  return std::span(sources_).subspan(first, first_by_slot_[slot + 1] - first);
}

}  // namespace ouro::objgraph
