// Finds references from outside to the objects of a heap that is destroyed.
//
// Before, counts are compared with what is visited from inside. If more is counted, the reference
// may still be one that trace does not know of and that goes with its owner. So it is only
// afterwards that the references left are looked for: they are named for certain.
#include "runtime/checked/teardown.hpp"

#include <map>
#include <new>
#include <string>
#include <unordered_map>

#include <ouro/checked.hpp>
#include <ouro/detail/edge_visitor.hpp>

#include "runtime/checked.hpp"
#include "runtime/checked/holders.hpp"
#include "runtime/checked/out_of_memory.hpp"
#include "runtime/checked/page_history.hpp"
#include "runtime/checked/reports.hpp"
#include "runtime/heap_state.hpp"

namespace ouro::detail::checked {

namespace {

struct Teardown {
  const HeapState* heap;
  bool may_be_referenced;
  Teardown* outer;  ///< a destructor may destroy another heap
};

thread_local Teardown* innermost_teardown = nullptr;

class TargetCounter final : public EdgeVisitor {
 public:
  void reference(Reference& reference) override { ++count_by_object_[reference.object_]; }
  std::size_t count_of(const void* object) const {
    const auto found = count_by_object_.find(object);
    return found == count_by_object_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<const void*, std::size_t> count_by_object_;
};

bool may_be_referenced_from_outside(HeapState& heap) {
  TargetCounter inside;
  for_each_object(heap, kAlive, [&](ObjectHeader* header) {
    const TypeInfo& type = *region.page_of(header).type;
    if (type.visit_edges != nullptr) type.visit_edges(header->object(), inside);
  });
  bool is_found = false;
  for_each_object(heap, kAlive, [&](ObjectHeader* header) {
    is_found = is_found || header->count != inside.count_of(header->object());
  });
  return is_found;
}

void report_references_left(const HeapState& heap) {
  const auto holders = find_holders([&](const void* object) {
    const PageUse use = last_use(region.page_of(object));
    return use.heap == &heap && use.is_heap_gone;
  });
  std::map<std::string_view, std::vector<Holder>> holders_by_type;
  for (const Holder& holder : holders) {
    holders_by_type[last_use(region.page_of(holder.object)).type].push_back(holder);
  }
  for (const auto& [type, left] : holders_by_type) {
    report({.kind = ouro::checked::Kind::kHeapStillReferenced,
            .type = std::string(type),
            .field = {},
            .address = reinterpret_cast<const void*>(left.front().reference.place),
            .message = "A heap was destroyed, and " + plural(left.size(), "Ref") +
                       " to objects of type " + std::string(type) + " that were in it " +
                       (left.size() == 1 ? "is" : "are") + " left" + list_holders(left) +
                       ": drop what refers to a heap's objects before the heap goes."});
  }
}

}  // namespace

bool is_in_teardown(const HeapState* heap) noexcept {
  for (const Teardown* at = innermost_teardown; at != nullptr; at = at->outer) {
    if (at->heap == heap) return true;
  }
  return false;
}

void before_teardown(HeapState& heap) noexcept {
  bool may_be_referenced = true;
  unless_memory_runs_out([&] { may_be_referenced = may_be_referenced_from_outside(heap); });
  auto* const teardown = new (std::nothrow) Teardown{&heap, may_be_referenced, innermost_teardown};
  if (teardown != nullptr) innermost_teardown = teardown;
}

void after_teardown(HeapState& heap) noexcept {
  remember_that_heap_went(heap);
  Teardown* const teardown = innermost_teardown;
  if (teardown == nullptr || teardown->heap != &heap) return;  // there was no memory for it
  innermost_teardown = teardown->outer;
  if (teardown->may_be_referenced) report_references_left(heap);
  delete teardown;
}

}  // namespace ouro::detail::checked
