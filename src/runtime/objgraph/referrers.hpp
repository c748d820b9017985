// The reverse of all references of a heap: who refers to an object. Compressed rows:
//
//   first_by_slot_:  0    2    2  ...       one entry a slot, and the end
//                    |    |
//   sources_:        a a  b ...             the referrers of slot 0, then those of slot 1, ...
//
// Two passes over the heap's references, O(heap); 8 bytes a slot and a reference.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "runtime/objgraph/slot_numbers.hpp"

namespace ouro::objgraph {

class Referrers {
 public:
  explicit Referrers(detail::HeapState& heap);

  /// An object that refers to `object` n times stands n times in a row.
  std::span<const void* const> of(const void* object) const noexcept;

 private:
  SlotNumbers numbers_;
  std::vector<std::size_t> first_by_slot_;
  std::vector<const void*> sources_;
};

}  // namespace ouro::objgraph
