#include "runtime/objgraph/reference_counts.hpp"

#include <functional>

#include "runtime/objgraph/edges.hpp"

namespace ouro::objgraph {

namespace {

bool stands_in(const ReferenceRange& range, const detail::Reference* place) noexcept {
  // std::less orders pointers into different arrays, too.
  return !std::less<>()(place, range.first) && std::less<>()(place, range.first + range.count);
}

}  // namespace

ReferenceCounts::ReferenceCounts(detail::HeapState& heap,
                                 std::span<const ReferenceRange> looked_through)
    : numbers_(heap), inside_by_slot_(numbers_.size()) {
  for (const ReferenceRange& range : looked_through) {
    for (const detail::Reference& reference : std::span(range.first, range.count)) {
      if (reference.object_ != nullptr) ++looking_by_object_[reference.object_];
    }
  }
  for_each_reference_of_heap(heap, [&](const void*, const detail::Reference& reference) {
    const std::size_t slot = numbers_.number_of(reference.object_);
    if (slot != SlotNumbers::kNone) ++inside_by_slot_[slot];
    for (const ReferenceRange& range : looked_through) {
      if (stands_in(range, &reference)) --looking_by_object_[reference.object_];
    }
  });
}

std::size_t ReferenceCounts::shown(const void* object) const noexcept {
  const std::size_t count = detail::ObjectHeader::of(object)->count;
  const auto looking = looking_by_object_.find(object);
  return looking == looking_by_object_.end() ? count : count - looking->second;
}

std::size_t ReferenceCounts::from_outside(const void* object) const noexcept {
  if (is_immortal(object)) return 1;
  const std::size_t slot = numbers_.number_of(object);
  const std::size_t inside = slot == SlotNumbers::kNone ? 0 : inside_by_slot_[slot];
  const std::size_t count = shown(object);
  // A trace function that visits a reference twice makes the difference negative.
  return count > inside ? count - inside : 0;
}

}  // namespace ouro::objgraph
