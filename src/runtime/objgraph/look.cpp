#include "runtime/objgraph/look.hpp"

#include "runtime/checked.hpp"

namespace ouro::objgraph {

namespace {
constinit thread_local Look* innermost = nullptr;
}

detail::HeapState& used_heap() {
  detail::HeapState& heap = detail::current_heap_state();
  detail::checked::on_heap_use(heap, "looked at");
  return heap;
}

Look::Look() : heap_(used_heap()), outer_(innermost) {
  innermost = this;
  heap_.trigger = 0xFFFFFFFFu;
}

Look::~Look() {
  innermost = outer_;
  for (const Look* look = outer_; look != nullptr; look = look->outer_) {
    if (&look->heap_ == &heap_) return;
  }
  heap_.update_trigger();
}

Look* Look::running() noexcept {
  const bool is_here = innermost != nullptr && &innermost->heap_ == detail::current_heap;
  return is_here ? innermost : nullptr;
}

const ReferenceCounts& Look::reference_counts() {
  if (!counts_) counts_.emplace(heap_, looked_through_);
  return *counts_;
}

}  // namespace ouro::objgraph
