#include "runtime/objgraph/reference_counts.hpp"

#include <functional>

#include "runtime/objgraph/edges.hpp"

namespace ouro::objgraph {

namespace {

bool stands_in(const std::vector<Ref<void>>& references, const detail::Reference* place) noexcept {
  const auto* const first = static_cast<const detail::Reference*>(references.data());
  const auto* const end =
      static_cast<const detail::Reference*>(references.data() + references.size());
  // std::less orders pointers into different arrays, too.
  return !std::less<>()(place, first) && std::less<>()(place, end);
}

}  // namespace

ReferenceCounts::ReferenceCounts(detail::HeapState& heap,
                                 std::span<const std::vector<Ref<void>>* const> looked_through)
    : numbers_(heap), inside_by_slot_(numbers_.size()) {
  for (const auto* references : looked_through) {
    for (const Ref<void>& reference : *references) {
      if (reference != nullptr) ++looking_by_object_[reference.object_];
    }
  }
  for_each_reference_of_heap(heap, [&](const void*, const detail::Reference& reference) {
    const std::size_t slot = numbers_.number_of(reference.object_);
    if (slot != SlotNumbers::kNone) ++inside_by_slot_[slot];
    for (const auto* references : looked_through) {
      if (stands_in(*references, &reference)) --looking_by_object_[reference.object_];
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
