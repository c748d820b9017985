// Everything a heap knows. The functions that work on it stand by topic in the other files here.
//
// A page is, at any time, in exactly one of these conditions:
//   current     its type allocates from it; `watched_used` never matches
//   partial     on its bin's list of pages with room; watched: empty
//   closed      neither; watched: a quarter of its slots free (then it becomes partial)
//   cached      `type` is null; kept for the next page that is needed
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include <ouro/detail/heap_core.hpp>
#include <ouro/detail/heap_walk.hpp>
#include <ouro/gc.hpp>

#include "runtime/page_list.hpp"

namespace ouro::detail {

struct WeakObject;

struct HeapState : HeapCore {
  HeapState();
  HeapState(const HeapState&) = delete;
  HeapState& operator=(const HeapState&) = delete;
  ~HeapState();

  // ---- pages (pages.cpp)
  PageList<&Page::index_in_heap> pages;  ///< all in use
  PageList<&Page::index_in_young>
      young;  ///< where objects may have been made since the last collection
  PageList<&Page::index_in_middle> middle;  ///< where objects of generation 1 may be
  Page** partial_pages = nullptr;     ///< by TypeInfo::id: head of the list of pages with room
  std::uint32_t highest_type_id = 0;  ///< seen by this heap
  Page* cached_pages = nullptr;
  std::size_t cached_page_count = 0;
  std::size_t released_page_count = 0;  ///< given back to the system and not needed again yet
  std::size_t wanted_cached_pages = 0;  ///< given back too early, so far
  Page* discarded_pages = nullptr;      ///< emptied while a collection runs
  std::size_t reserved_page_count = 0;  ///< in use, cached and discarded, in pages

  // ---- the collector (gc.cpp, collector/)
  bool is_enabled = true;
  bool is_collecting = false;
  std::uint8_t collection_mark =
      0;  ///< of the pages that take part (Region::in_set), while it collects
  bool has_legacy_finalizers = false;
  std::array<std::size_t, 3> thresholds{2000, 10, 10};
  std::size_t count1 = 0;
  std::size_t count2 = 0;
  std::size_t long_lived_total = 0;    ///< survivors of the last full collection
  std::size_t long_lived_pending = 0;  ///< came into generation 2 since
  std::size_t pending_to_look_at = 0;  ///< `long_lived_pending` that may be growth enough
  /// By generation: whether counts have fallen since it was last searched. What moves of references
  /// alone cut off (`p->next = std::move(p)` through a raw pointer) is not noticed here; it is
  /// found once the heap has grown fourfold, or by gc::collect().
  std::array<bool, 3> may_hold_garbage{true, true, true};
  bool is_always_searched =
      false;  ///< falls of its counts may be noted elsewhere: several heaps a thread
  unsigned debug = 0;
  std::ostream* debug_stream = nullptr;  ///< null: standard error
  std::array<gc::GenerationStats, 3> stats{};
  std::vector<Ref<void>> garbage;
  std::unique_ptr<void*[]> mark_stack;  ///< of small collections
  std::vector<gc::Callback> callbacks;

  // ---- weak references (weak_references.cpp)
  /// First of the weak references to an object, for those whose header says kHasWeak.
  std::unordered_map<const void*, WeakObject*> weak_by_object;
  bool has_weak_callbacks = false;  ///< a weak reference with a callback has been made, ever

  // ---- snapshots (heap_walk.cpp)
  Answer answer = nullptr;
  volatile bool is_asked = false;  ///< written by signal handlers

  // ---- threads (heap.cpp)
  std::thread::id owner = std::this_thread::get_id();
  bool is_orphaned = false;  ///< its thread has ended (known in the checked build alone)

  /// To be called when what it depends on has changed.
  void update_trigger() noexcept {
    if (is_asked && !is_collecting) {
      trigger = 0;
      return;
    }
    const bool may = is_enabled && !is_collecting && thresholds[0] != 0;
    trigger =
        may ? static_cast<std::uint32_t>(thresholds[0] < 0xFFFFFFFEu ? thresholds[0] : 0xFFFFFFFEu)
            : 0xFFFFFFFFu;
  }
};

/// The heaps of threads that have ended, with what others still refer to. None may be kept
/// meanwhile from within `function`.
void for_each_kept_heap(const std::function<void(const HeapState&)>& function);

inline HeapState& heap_of(const Page& page) noexcept {
  return static_cast<HeapState&>(*page.heap);
}

/// The calling thread's current heap; opens its own if it has none.
inline HeapState& current_heap_state() {
  HeapCore* heap = current_heap;
  return static_cast<HeapState&>(heap != nullptr ? *heap : open_default_heap());
}

// ---- pages.cpp ------------------------------------------------------------------------------

/// Ends allocation in the page of the type; what room it has is found again later.
void retire_current_page(HeapState& heap, std::uint32_t type_id) noexcept;
void retire_current_pages(HeapState& heap) noexcept;

/// Closes an emptied page and keeps it for later or gives it back.
void discard_page(HeapState& heap, Page& page) noexcept;

/// Ends the wait of pages that were discarded during a collection.
void release_discarded_pages(HeapState& heap) noexcept;

/// Gives all cached pages back to the system.
void release_cached_pages(HeapState& heap) noexcept;

/// Slots of the page have been freed other than by free_slot.
void page_lost_objects(HeapState& heap, Page& page, std::uint32_t freed) noexcept;

/// The slots in `run` are known to be free: if it is long, it is what the page offers next, without
/// a look at them. Precondition: the page is not current.
void note_free_run(Page& page, Extent run) noexcept;

/// Puts a page that is not current back among those with room, if it has enough.
void reopen_page(HeapState& heap, Page& page) noexcept;
void unlink_partial(HeapState& heap, Page& page) noexcept;

/// The state of an object that has `state` in its header. Collections that need not look at objects
/// grow them older by moving the extents alone, so a young state counts only where the extents
/// confirm it.
inline State state_now(const Page& page, std::uint32_t offset, State state) noexcept {
  if (state != State::kGeneration0 && state != State::kGeneration1) return state;
  if (state == State::kGeneration0 && page.young.contains(offset)) return state;
  return page.middle.contains(offset) ? State::kGeneration1 : State::kGeneration2;
}

/// Makes the page's headers say what the extents do.
void refresh_states(Page& page) noexcept;

/// Calls function(header) for every object of the page in one of `states`. The function may change
/// anything but must not make the page go.
template <class Function>
void for_each_object(Page& page, Extent extent, StateSet states, Function&& function) {
  for (std::uint32_t offset = extent.low; offset < extent.high; offset += page.slot_bytes) {
    ObjectHeader* const header = page.header_at(offset);
    if (header->is_in(states)) function(header);
  }
}

/// Whether a collection that is running has found the object to be garbage: nobody may be handed a
/// reference to it any more. User code can ask from within a collection (destructors, callbacks).
inline bool is_doomed(const HeapState& heap, const ObjectHeader* header) noexcept {
  if (!heap.is_collecting) return false;
  return header->state() == State::kSuspect || (region.in_set[region.page_index(header)] != 0 &&
                                                region.gc_refs[region.granule_index(header)] == 0);
}

/// The same for every object of the heap that a user may see.
template <class Function>
void for_each_object(HeapState& heap, StateSet states, Function&& function) {
  for (Page* page : heap.pages) {
    for_each_object(*page, page->whole(), states, [&](ObjectHeader* header) {
      if (!is_doomed(heap, header)) function(header);
    });
  }
}

// ---- release.cpp ----------------------------------------------------------------------------

/// Destroys the object and frees its slot. Its finalizer and weak references have been seen to.
void destroy_object(Page& page, ObjectHeader* header) noexcept;

/// Calls the finalizer, once in an object's life; what it throws goes to the unraisable hook.
void call_finalizer(const TypeInfo& type, ObjectHeader* header) noexcept;

// ---- weak_references.cpp --------------------------------------------------------------------

/// Makes all weak references to the object dead and calls their callbacks, the newest first.
void clear_weak_references(HeapState& heap, ObjectHeader* header) noexcept;

// ---- unraisable.cpp -------------------------------------------------------------------------

/// Reports the exception that is being handled.
void report_unraisable(std::string_view what_ran, std::string_view type) noexcept;

// ---- collector/collection.cpp ---------------------------------------------------------------

std::size_t collect_generation(HeapState& heap, int generation);
std::size_t collect_objects(HeapState& heap, std::vector<Ref<void>>&& objects);
/// Destroys every object of the heap, whoever refers to it.
void destroy_everything(HeapState& heap) noexcept;

}  // namespace ouro::detail
