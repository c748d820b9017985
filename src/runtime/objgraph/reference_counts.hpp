// Where the references of each object's count stand: in objects of the heap, or outside.
//
//   count shown  =  header's count  -  references that only serve to look
//   from outside =  count shown     -  references from objects of the heap
//
// One pass over the heap's references, O(heap); 4 bytes a slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include <ouro/ref.hpp>

#include "runtime/objgraph/slot_numbers.hpp"

namespace ouro::objgraph {

/// References side by side, as in a vector of Refs.
struct ReferenceRange {
  const detail::Reference* first;
  std::size_t count;

  friend bool operator==(const ReferenceRange&, const ReferenceRange&) = default;
};
static_assert(sizeof(Ref<void>) == sizeof(detail::Reference));

class ReferenceCounts {
 public:
  /// The references `looked_through` only serve to look, but for those that stand in objects of the
  /// heap.
  ReferenceCounts(detail::HeapState& heap, std::span<const ReferenceRange> looked_through);

  std::size_t shown(const void* object) const noexcept;
  /// An immortal object's count says nothing: 1, since it is held.
  std::size_t from_outside(const void* object) const noexcept;
  static bool is_immortal(const void* object) noexcept {
    return detail::ObjectHeader::of(object)->is_immortal();
  }

 private:
  SlotNumbers numbers_;
  std::vector<std::uint32_t> inside_by_slot_;
  std::unordered_map<const void*, std::size_t> looking_by_object_;
};

}  // namespace ouro::objgraph
