// The part of a heap that inlined code touches: making an object, and dropping the last reference.
//
// Making an object costs a thread-local load, two dependent loads and three stores; the list of
// free slots runs through the headers, so the slot's own line is the only one of the object's that
// it needs.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <ouro/detail/checked_hooks.hpp>
#include <ouro/detail/page.hpp>
#include <ouro/detail/poison.hpp>
#include <ouro/detail/type_info.hpp>

namespace ouro::detail {

struct HeapCore {
  /// The page each type allocates from, by `TypeInfo::id`; null where it has none yet.
  Page** current_pages = nullptr;
  /// Tracked objects made minus tracked objects freed since the last collection, never below 0.
  std::uint32_t count0 = 0;
  /// `count0` above this starts a collection; the largest value where that must not happen.
  std::uint32_t trigger = 0xFFFFFFFFu;
  /// How many destructors of this heap's objects are on the stack.
  std::uint32_t depth = 0;
  /// How many constructors of this heap's objects are on the stack, noexcept ones aside.
  std::uint32_t constructing = 0;
  /// Pages with objects whose destructor waits (src/runtime/release.cpp).
  Page* pending_pages = nullptr;
};

/// The heap this thread makes objects on; null until it makes its first.
[[gnu::tls_model("initial-exec")]] inline constinit thread_local HeapCore* current_heap = nullptr;

// In src/runtime: heap.cpp, pages.cpp, release.cpp, weak_object.cpp and collector/collection.cpp.
HeapCore& open_default_heap();
inline namespace OURO_BUILD {
Page& refill(HeapCore& heap, TypeInfo& type);  ///< throws std::bad_alloc
}
void collect_because_of_allocation(HeapCore& heap) noexcept;
void abandon_object(ObjectHeader* header) noexcept;  ///< its constructor threw
/// Releases an object that needs more than TypeLoops::release does.
void release_with_ceremony(Page& page, ObjectHeader* header) noexcept;
/// Runs destructors that wait, until none does.
void drain_pending(HeapCore& heap) noexcept;
void page_reached_watched_use(Page& page) noexcept;
/// The weak references to the object die without a call. Precondition: its header says kHasWeak.
void discard_weak_references(Page& page, ObjectHeader* header) noexcept;

/// Destructors of a heap's objects nest no deeper than this; CPython's trashcan allows 50.
inline constexpr std::uint32_t kMaxDepth = 100;

/// A slot for one object of `type`, in state kConstructing with a count of 1. A page gives the
/// slots of its list first, then those it has never given.
template <bool kTraced, std::uint32_t kSlotBytes>
inline ObjectHeader* allocate(HeapCore& heap, TypeInfo& type) {
  if constexpr (kTraced) {
    if (++heap.count0 > heap.trigger) [[unlikely]]
      collect_because_of_allocation(heap);
  }
  Page* page = heap.current_pages[type.id.load(std::memory_order_relaxed)];
  if (page == nullptr || (page->free_offset == kNoOffset && page->cursor >= page->bump_end))
      [[unlikely]] {
    page = &refill(heap, type);
  }
  ObjectHeader* header;
  if (page->free_offset != kNoOffset) {
    header = page->header_at(page->free_offset);
    page->free_offset = header->count;
  } else {
    header = page->header_at(page->cursor);
    page->cursor += kSlotBytes;
  }
  ++page->used_slots;
  header->count = 1;
  header->bits = static_cast<std::uint32_t>(State::kConstructing);
  unpoison(header->object(), type.object_bytes);
  return header;
}

/// Marks the slot free. The object in it has been destroyed.
inline void free_slot(Page& page, ObjectHeader* header) noexcept {
  header->bits = static_cast<std::uint32_t>(State::kFree);
  poison(header->object(), page.slot_bytes - sizeof(ObjectHeader));
  // The last freed is the next used, while its line is in the cache; but never outside of the
  // windows offered, or a young collection would miss the object. The checked build leaves slots
  // alone for a while instead, so that who still uses one is found out.
  if (page.is_current && !checked::kEnabled) {
    const std::uint32_t offset = page.offset_of(header);
    if (page.young.contains(offset)) {
      header->count = page.free_offset;
      page.free_offset = offset;
    }
  }
  if (--page.used_slots == page.watched_used) [[unlikely]]
    page_reached_watched_use(page);
}

}  // namespace ouro::detail
