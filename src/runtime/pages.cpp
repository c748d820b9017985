// Pages of a heap: opening them, offering their free slots to allocation, and giving them back.
//
// Allocation is offered a window of free slots at a time (kWindowBytes of the current page), and
// the windows offered since the last collection are the page's `young` extent. So a young
// collection looks at the windows alone: its cost does not depend on how many old objects share the
// page.
#include <algorithm>
#include <cstring>
#include <new>

#include <ouro/base/assert.hpp>
#include "runtime/checked.hpp"
#include "runtime/heap_state.hpp"
#include "runtime/region.hpp"
#include "runtime/type_registry.hpp"

namespace ouro::detail {

namespace {

constexpr std::uint32_t kWindowBytes = 4096;
constexpr std::uint32_t kNever = 0xFFFFFFFFu;
/// Empty pages a heap keeps for itself at first. Each page it has given back and then needs again
/// makes it keep one more, so that a program that fills and empties its heap in turns soon stops
/// paying the system for it, while one that frees a large structure once has its memory back at
/// once.
constexpr std::size_t kCachedPagesAtFirst = 32;

/// Whether slots are known to be free that no list has.
bool has_run(const Page& page) noexcept {
  return page.cursor < page.bump_end;
}

/// Closed pages are offered again once this many of their slots, or fewer, are in use.
std::uint32_t reopen_at(const Page& page) noexcept {
  const std::uint32_t slots = page.slot_count;
  return slots - (slots + 3) / 4;
}

void poison_slots([[maybe_unused]] Page& page) noexcept {
#if OURO_HAS_ASAN
  for (std::uint32_t at = page.first_offset; at < page.end_offset; at += page.slot_bytes) {
    poison(page.header_at(at)->object(), page.slot_bytes - sizeof(ObjectHeader));
  }
#endif
}

std::size_t bytes_of(const Page& page) noexcept {
  return page.page_count * kPageBytes;
}

Page* take_page(HeapState& heap, const TypeInfo& type, std::size_t count) noexcept {
  if (count == 1 && heap.cached_pages != nullptr) {
    Page* const page = heap.cached_pages;
    heap.cached_pages = page->next;
    --heap.cached_page_count;
    // Slots of the same shape are all free already; elsewhere a header may lie where old objects
    // had data, and free means zero.
    if (page->slot_bytes != type.slot_bytes || page->first_offset != type.first_offset) {
      std::memset(page->data, 0, kPageBytes);
    }
    return page;
  }
  Page* const page = acquire_pages(count);
  if (page == nullptr) return nullptr;
  heap.reserved_page_count += count;
  if (heap.released_page_count > 0 && count == 1) {
    --heap.released_page_count;
    ++heap.wanted_cached_pages;
  }
  return page;
}

/// A page for objects of `type`, in no list but the heap's. Throws std::bad_alloc.
Page& open_page(HeapState& heap, const TypeInfo& type) {
  heap.pages.reserve_one();
  heap.young.reserve_one();
  const std::size_t wanted = type.first_offset + type.slot_bytes;
  const std::size_t count =
      type.slot_bytes > kLargestSmallSlot ? (wanted + kPageBytes - 1) / kPageBytes : 1;
  Page* const page = take_page(heap, type, count);
  if (page == nullptr) throw std::bad_alloc();
  page->free_offset = kNoOffset;
  page->used_slots = 0;
  page->watched_used = kNever;
  page->middle = page->scan = {};
  page->is_current = page->is_frozen = page->is_partial = page->is_stale = false;
  page->is_traced = type.is_traced;
  page->type = &type;
  page->heap = &heap;
  page->slot_bytes = type.slot_bytes;
  page->first_offset = static_cast<std::uint16_t>(type.first_offset);
  page->slot_count =
      count > 1 ? 1
                : static_cast<std::uint16_t>((kPageBytes - type.first_offset) / type.slot_bytes);
  page->end_offset = page->first_offset + page->slot_count * page->slot_bytes;
  page->cursor = page->first_offset;
  // All slots are free: they are given in order, without a list. Where the objects end is known
  // when the page is retired.
  page->bump_end = page->end_offset;
  page->young = page->whole();
  page->pending = 0;
  page->index_in_heap = page->index_in_young = page->index_in_middle = kNoIndex;
  page->next = page->previous = nullptr;
  region.in_set[page - region.pages] = 0;
  poison_slots(*page);
  heap.pages.add(*page);
  checked::on_page_opened(*page);
  return *page;
}

/// Offers the free slots of the next window that has any: the whole window where all are free, else
/// a list. False at the end of the page.
bool offer_window(Page& page) noexcept {
  page.bump_end = 0;
  if (page.is_stale && page.cursor < page.end_offset) refresh_states(page);
  while (page.cursor < page.end_offset) {
    const std::uint32_t from = page.cursor;
    const std::uint32_t slots = std::max(1u, kWindowBytes / page.slot_bytes);
    const std::uint32_t end = std::min(page.end_offset, from + slots * page.slot_bytes);
    std::uint32_t free_end = from;
    while (free_end < end && page.header_at(free_end)->state() == State::kFree) {
      free_end += page.slot_bytes;
    }
    if (free_end == end) {
      page.bump_end = end;
      page.young.include({from, end});
      return true;
    }
    page.cursor = end;
    std::uint32_t last = kNoOffset;
    // Backwards, so that the list runs in order of addresses.
    for (std::uint32_t at = end; at > from;) {
      at -= page.slot_bytes;
      ObjectHeader* const header = page.header_at(at);
      if (header->state() != State::kFree) continue;
      header->count = last;
      last = at;
    }
    if (last != kNoOffset) {
      page.free_offset = last;
      page.young.include({from, end});
      return true;
    }
  }
  return false;
}

void keep_or_release(HeapState& heap, Page& page) noexcept {
  if (!checked::kEnabled && page.page_count == 1 &&
      heap.cached_page_count < kCachedPagesAtFirst + heap.wanted_cached_pages) {
    page.next = heap.cached_pages;
    heap.cached_pages = &page;
    ++heap.cached_page_count;
  } else {
    heap.reserved_page_count -= page.page_count;
    if (page.page_count == 1) ++heap.released_page_count;
    release_pages(page);
  }
}

void make_current(HeapState& heap, Page& page, std::uint32_t type_id) noexcept {
  page.is_current = true;
  page.watched_used = kNever;
  page.free_offset = kNoOffset;
  if (has_run(page)) {
    const bool makes_a_gap = !page.young.empty() && page.young.high != page.cursor;
    if (page.is_stale && makes_a_gap) refresh_states(page);
    page.young.include({page.cursor, page.bump_end});
  } else {
    // From the start again where little is in the way: its slots were used last, and are in the
    // cache.
    const bool is_nearly_empty = page.used_slots <= page.slot_count / 8u;
    if (page.cursor >= page.end_offset || is_nearly_empty) page.cursor = page.first_offset;
  }
  if (page.is_traced && !heap.young.contains(page)) heap.young.add(page);
  heap.current_pages[type_id] = &page;
}

}  // namespace

void refresh_states(Page& page) noexcept {
  for_each_object(page, page.whole(), generations_up_to(1), [&](ObjectHeader* header) {
    header->set_state(state_now(page, page.offset_of(header), header->state()));
  });
  page.is_stale = false;
}

void note_free_run(Page& page, Extent run) noexcept {
  const bool has_longer = has_run(page) && page.bump_end - page.cursor >= run.high - run.low;
  if (has_longer || run.high - run.low < kWindowBytes) return;
  page.cursor = run.low;
  page.bump_end = run.high;
}

void unlink_partial(HeapState& heap, Page& page) noexcept {
  if (!page.is_partial) return;
  if (page.previous != nullptr) {
    page.previous->next = page.next;
  } else {
    heap.partial_pages[page.type->id.load(std::memory_order_relaxed)] = page.next;
  }
  if (page.next != nullptr) page.next->previous = page.previous;
  page.next = page.previous = nullptr;
  page.is_partial = false;
}

namespace {

/// Pages with a run stand before those without.
void add_partial(HeapState& heap, Page& page) noexcept {
  Page*& head = heap.partial_pages[page.type->id.load(std::memory_order_relaxed)];
  const bool is_second = head != nullptr && has_run(*head) && !has_run(page);
  page.previous = is_second ? head : nullptr;
  page.next = is_second ? head->next : head;
  (is_second ? head->next : head) = &page;
  if (page.next != nullptr) page.next->previous = &page;
  page.is_partial = true;
}

}  // namespace

void reopen_page(HeapState& heap, Page& page) noexcept {
  if (page.is_partial || page.is_current) return;
  if (page.used_slots == 0) {
    discard_page(heap, page);
  } else if (page.is_frozen) {
    page.watched_used = 0;
  } else if (page.used_slots > reopen_at(page) && !has_run(page)) {
    page.watched_used = reopen_at(page);
  } else {
    add_partial(heap, page);
    page.watched_used = 0;
  }
}

void retire_current_page(HeapState& heap, std::uint32_t type_id) noexcept {
  Page* const page = heap.current_pages[type_id];
  if (page == nullptr) return;
  heap.current_pages[type_id] = nullptr;
  page->is_current = false;
  page->free_offset = kNoOffset;
  if (page->bump_end != 0) {
    if (page->young.high == page->bump_end) page->young.high = page->cursor;
    if (!has_run(*page)) page->bump_end = 0;
  }
  reopen_page(heap, *page);
}

void retire_current_pages(HeapState& heap) noexcept {
  for (std::uint32_t id = 0; id <= heap.highest_type_id; ++id) retire_current_page(heap, id);
}

void discard_page(HeapState& heap, Page& page) noexcept {
  unlink_partial(heap, page);
  heap.pages.remove(page);
  heap.young.remove(page);
  heap.middle.remove(page);
  page.type = nullptr;
  unpoison(page.data, bytes_of(page));
  if (heap.is_collecting) {
    // The collection resets `in_set` of its pages at its end, so until then they stay this heap's.
    page.next = heap.discarded_pages;
    heap.discarded_pages = &page;
  } else {
    keep_or_release(heap, page);
  }
}

void release_discarded_pages(HeapState& heap) noexcept {
  while (Page* const page = heap.discarded_pages) {
    heap.discarded_pages = page->next;
    keep_or_release(heap, *page);
  }
}

void release_cached_pages(HeapState& heap) noexcept {
  while (Page* const page = heap.cached_pages) {
    heap.cached_pages = page->next;
    --heap.cached_page_count;
    --heap.reserved_page_count;
    release_pages(*page);
  }
}

void page_reached_watched_use(Page& page) noexcept {
  HeapState& heap = heap_of(page);
  page.used_slots == 0 ? discard_page(heap, page) : reopen_page(heap, page);
}

void page_lost_objects(HeapState& heap, Page& page, std::uint32_t freed) noexcept {
  page.used_slots -= freed;
  if (page.is_current) return;
  page.used_slots == 0 ? discard_page(heap, page) : reopen_page(heap, page);
}

namespace {

/// A page of the type with a window of free slots. Throws std::bad_alloc.
Page& find_room(HeapState& heap, const TypeInfo& type, std::uint32_t id) {
  heap.young.reserve_one();
  Page* page = heap.current_pages[id];
  if (page != nullptr && offer_window(*page)) return *page;
  retire_current_page(heap, id);
  page = heap.partial_pages[id];
  // An empty page at hand is better than one with gaps: no slot needs to be looked at, neither here
  // nor by the next collection.
  const bool has_better = heap.cached_pages != nullptr && type.slot_bytes <= kLargestSmallSlot;
  if (page != nullptr && (has_run(*page) || !has_better)) {
    unlink_partial(heap, *page);
    make_current(heap, *page, id);
    if (has_run(*page) || offer_window(*page)) return *page;
    page->cursor = page->first_offset;  // its room lies before the cursor
    if (offer_window(*page)) return *page;
    OURO_ASSERT(false, "a partial page has a free slot");
  }
  page = &open_page(heap, type);
  make_current(heap, *page, id);
  return *page;
}

}  // namespace

inline namespace OURO_BUILD {

Page& refill(HeapCore& core, TypeInfo& type) {
  HeapState& heap = static_cast<HeapState&>(core);
  checked::on_heap_use(heap, "allocated on");
  std::uint32_t id = type.id.load(std::memory_order_relaxed);
  if (id == 0) id = register_type(type);
  heap.highest_type_id = std::max(heap.highest_type_id, id);
  try {
    return find_room(heap, type, id);
  } catch (const std::bad_alloc&) {
    // The object that is not made has been counted already.
    if (type.is_traced && heap.count0 > 0) --heap.count0;
    throw;
  }
}

}  // namespace OURO_BUILD

}  // namespace ouro::detail
