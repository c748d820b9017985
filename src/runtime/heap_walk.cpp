#include <ouro/detail/heap_walk.hpp>

#include <algorithm>
#include <vector>

#include "runtime/heap_state.hpp"

namespace ouro::detail {

HeapCore& heap_to_look_at() {
  return current_heap_state();
}

void walk_heap(HeapCore& core, ObjectWalker& walker) {
  HeapState& heap = static_cast<HeapState&>(core);
  std::vector<Page*> pages(heap.pages.begin(), heap.pages.end());
  std::ranges::sort(pages);
  for (Page* page : pages) {
    for_each_object(*page, page->whole(), kAlive, [&](ObjectHeader* header) {
      if (is_doomed(heap, header)) return;
      const State state = state_now(*page, page->offset_of(header), header->state());
      const bool is_tracked = state != State::kUntracked;
      walker.object({.page = page,
                     .header = header,
                     .generation = is_tracked ? static_cast<int>(state) - 1 : 0,
                     .is_tracked = is_tracked,
                     .is_frozen = page->is_frozen});
    });
  }
}

bool is_safe_moment(const HeapCore& core) noexcept {
  const HeapState& heap = static_cast<const HeapState&>(core);
  return heap.depth == 0 && !heap.is_collecting;
}

void answer_with(HeapCore& core, Answer answer) noexcept {
  HeapState& heap = static_cast<HeapState&>(core);
  heap.answer = answer;
  heap.is_asked = false;
  heap.update_trigger();
}

void ask(HeapCore& core) noexcept {
  HeapState& heap = static_cast<HeapState&>(core);
  heap.is_asked = true;
  // Every allocation looks at the trigger: this one sends the next into the slow path. If the heap
  // computes it anew in this moment, that sees `is_asked`.
  __atomic_store_n(&heap.trigger, 0, __ATOMIC_RELAXED);
}

}  // namespace ouro::detail
