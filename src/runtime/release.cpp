// What happens when an object's count reaches zero.
//
//   1. its finalizer, if it has one that has not run; new references bring the object back
//   2. its weak references die, their callbacks run
//   3. its destructor, which drops what it refers to, and so on down
//   4. its slot is free
// This is the order of CPython's subtype_dealloc.
//
// Deep structures: destructors nest up to kMaxDepth of a heap's objects; below that, objects wait
// on a list, drained by the outermost release. So a chain of any length uses the same small piece
// of stack, and freeing still is complete when the outermost reference is gone. The list needs no
// memory, since freeing must not fail: it runs through the waiting objects' headers, page by page.
#include <exception>

#include <ouro/base/assert.hpp>
#include "runtime/heap_state.hpp"

namespace ouro::detail {

namespace {

constexpr std::uint32_t kHeaderBytes = sizeof(ObjectHeader);
static_assert(kPageBytes / kHeaderBytes < (1u << 16), "Page::pending holds a header's number");

void postpone(HeapState& heap, Page& page, ObjectHeader* header) noexcept {
  header->bits = (header->bits & (ObjectHeader::kFinalized | ObjectHeader::kHasWeak)) |
                 static_cast<std::uint32_t>(header->state()) << ObjectHeader::kSavedStateShift |
                 std::uint32_t{page.pending} << ObjectHeader::kLinkShift;
  header->set_state(State::kDying);
  header->count = 0;  // by which its weak references know that it is dead
  if (page.pending == 0) {
    page.next_pending = heap.pending_pages;
    heap.pending_pages = &page;
  }
  page.pending = static_cast<std::uint16_t>(page.offset_of(header) / kHeaderBytes + 1);
}

ObjectHeader* take_pending(HeapState& heap) noexcept {
  Page& page = *heap.pending_pages;
  ObjectHeader* const header = page.header_at((page.pending - 1u) * kHeaderBytes);
  page.pending = static_cast<std::uint16_t>(header->bits >> ObjectHeader::kLinkShift);
  if (page.pending == 0) heap.pending_pages = page.next_pending;
  const auto before =
      static_cast<State>(header->bits >> ObjectHeader::kSavedStateShift & ObjectHeader::kStateMask);
  header->bits &= ObjectHeader::kFinalized | ObjectHeader::kHasWeak;
  header->set_state(state_now(page, page.offset_of(header), before));  // it may be older now
  return header;
}

/// Steps 1 and 2; false if the finalizer brought the object back.
bool take_leave(HeapState& heap, Page& page, ObjectHeader* header) noexcept {
  if (page.type->finalize != nullptr && (header->bits & ObjectHeader::kFinalized) == 0) {
    header->count = 1;  // the finalizer's own
    call_finalizer(*page.type, header);
    if (header->count != 1) {
      if (!header->is_immortal()) --header->count;
      some_count_fell = true;  // it may have closed a cycle
      return false;
    }
  }
  if ((header->bits & ObjectHeader::kHasWeak) != 0) {
    header->set_state(State::kDying);  // callbacks may collect
    clear_weak_references(heap, header);
  }
  return true;
}

void release_now(HeapState& heap, Page& page, ObjectHeader* header) noexcept {
  const bool has_ceremony =
      page.type->finalize != nullptr || (header->bits & ObjectHeader::kHasWeak) != 0;
  if (has_ceremony && !take_leave(heap, page, header)) return;
  if (page.is_traced && heap.count0 > 0) --heap.count0;
  destroy_object(page, header);
}

}  // namespace

void call_finalizer(const TypeInfo& type, ObjectHeader* header) noexcept {
  header->bits |= ObjectHeader::kFinalized;
  try {
    type.finalize(header->object());
  } catch (...) {
    report_unraisable("finalizer of", type.name);
  }
}

void destroy_object(Page& page, ObjectHeader* header) noexcept {
  header->count = 0;
  header->set_state(State::kDying);
  checked::on_destroying(header);
  if (page.type->destroy != nullptr) page.type->destroy(header->object());
  checked::on_destroyed(header);
  free_slot(page, header);
}

void make_immortal(ObjectHeader* header) noexcept {
  header->count = ObjectHeader::kImmortal;
}

void release_object(ObjectHeader* header) noexcept {
  Page& page = region.page_of(header);
  page.type->release(page, header);
}

void release_with_ceremony(Page& page, ObjectHeader* header) noexcept {
  HeapState& heap = heap_of(page);
  if (heap.depth >= kMaxDepth) [[unlikely]] {
    postpone(heap, page, header);
    return;
  }
  ++heap.depth;
  release_now(heap, page, header);
  if (--heap.depth == 0 && heap.pending_pages != nullptr) [[unlikely]]
    drain_pending(heap);
}

void drain_pending(HeapCore& core) noexcept {
  HeapState& heap = static_cast<HeapState&>(core);
  ++heap.depth;
  while (heap.pending_pages != nullptr) {
    ObjectHeader* const header = take_pending(heap);
    release_now(heap, region.page_of(header), header);
  }
  --heap.depth;
}

void abandon_object(ObjectHeader* header) noexcept {
  Page& page = region.page_of(header);
  HeapState& heap = heap_of(page);
  checked::on_abandoned(header);
  if (page.is_traced && heap.count0 > 0) --heap.count0;
  if ((header->bits & ObjectHeader::kHasWeak) != 0) clear_weak_references(heap, header);
  free_slot(page, header);
}

}  // namespace ouro::detail
