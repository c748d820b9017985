// One collection of a heap, and its phases, each in a file of its own.
//
// Legal order (collection.cpp runs it):
//
//   select_pages | select_objects     which objects are judged: the set
//   subtract_references               gc_refs of each = its count - references from inside the set
//   settle                            who has some left is a root, the others are candidates
//   mark                              candidates that a root leads to are reached
//   judge_hubs                        the same for objects with more than 255 references
//   condemn                           what is left is garbage, in state kSuspect; the rest is older
//   [separate_legacy_finalizers]      Python 2's rule
//   clear_weak_references             weak references to garbage die, callbacks run
//   call_finalizers                   each once, on intact objects
//   [judge_again]                     who was brought back survives
//   clear                             every reference in the garbage is null, or nobody sees it
//   destroy                           destructors run, slots are free
//
// Where no garbage can have weak references or finalizers, and nobody wants to be told of it,
// `clear` does the work of `condemn` in the same pass.
//
// Until `condemn` nothing is written but the side table and `scan` of the pages, and it is the last
// phase that may fail (for lack of memory): a collection given up before it has changed nothing.
//
// From `condemn` on user code runs. It may allocate, drop, collect (which does nothing) and, in
// finalizers alone, reach the garbage. Pages that become empty keep until the end (discard_page).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ouro/detail/edge_visitor.hpp>
#include <ouro/detail/visitors.hpp>

#include "runtime/heap_state.hpp"

namespace ouro::detail {

struct Collection {
  Collection(HeapState& in, StateSet of) : heap(in), members(of) {}

  HeapState& heap;
  StateSet members;          ///< the set: objects in these states, within the pages' `scan` extents
  std::vector<Page*> pages;  ///< that take part
  std::vector<Page*> garbage_pages;
  std::size_t cleared_pages = 0;  ///< the first of them: cleared, not yet destroyed
  /// References that count as if they came from inside the set (collect_objects), or null.
  const std::vector<Ref<void>>* own_references = nullptr;

  /// Of each of `pages`: how many gaps its scan has (Gaps::count); and these, one after the other.
  std::vector<std::uint8_t> gap_counts;
  std::vector<Extent> gaps;

  std::size_t visited = 0;          ///< members looked at
  std::size_t candidate_count = 0;  ///< not reached yet
  bool has_ambiguous_hubs = false;  ///< a candidate has more than 255 references
  bool has_unfinished = false;      ///< an object whose constructor made this collection happen
  bool may_have_weak = false;       ///< a member has weak references
  bool has_weak = false;            ///< some garbage has weak references
  bool has_finalizers = false;      ///< some garbage has a finalizer that has not run

  State survivors = State::kGeneration2;  ///< what members become that are not garbage

  /// The roots, while they are few; with more of them the pages are searched for them.
  std::array<void*, 256> roots;
  std::size_t root_count = 0;

  std::size_t survivor_count = 0;  ///< members that grew older
  std::size_t collected = 0;
  std::size_t uncollectable = 0;

  SetView view = SetView::of(region, heap.collection_mark);
};

// select.cpp
void select_pages(Collection& collection, int generation);
void select_objects(Collection& collection, const std::vector<Ref<void>>& objects);
void select_everything(Collection& collection);
/// Ends the pages' part in the collection; any number of times, also for pages that went since.
void deselect(const std::vector<Page*>& pages) noexcept;
/// Prepares the bytes of a page that takes part.
void reset_gc_refs(Page& page) noexcept;

// judge.cpp: the passes from subtract_references to judge_hubs
void subtract_references(Collection& collection);  ///< throws std::bad_alloc
void settle(Collection& collection) noexcept;
void mark(Collection& collection);        ///< throws std::bad_alloc
void judge_hubs(Collection& collection);  ///< throws std::bad_alloc

// condemn.cpp
void condemn(Collection& collection);  ///< throws std::bad_alloc
/// Survivors grow older; for collections that found no garbage.
void promote_members(Collection& collection) noexcept;
/// The same for a young generation that nobody needs to search, in time that depends on its pages
/// alone: the extents move, the headers stay as they are (state_now). An object whose noexcept
/// constructor is running counts as made. Preconditions: no other constructor is running;
/// heap.middle has room for heap.young.
void promote_unseen(HeapState& heap, int generation) noexcept;
/// Takes down how many survivors of a page there are, and where those are that are of generation 1
/// now.
void note_survivors(Collection& collection, Page& page, const ClearVisitor& visitor) noexcept;
/// The collected generations' places are empty now.
void forget_young_extents(Collection& collection, int generation) noexcept;
void pardon_reached(Collection& collection) noexcept;

// farewell.cpp: what the user's code sees of garbage
void separate_legacy_finalizers(Collection& collection);
void clear_weak_references(Collection& collection);
void call_finalizers(Collection& collection) noexcept;
void save_all(Collection& collection);

// sweep.cpp
void clear(Collection& collection) noexcept;
/// Weak references that finalizers made: these never call.
void discard_weak_references(Collection& collection) noexcept;
void destroy(Collection& collection) noexcept;

/// Calls function(page, header) for each object that is condemned and not gone.
template <class Function>
void for_each_condemned(Collection& collection, Function&& function) {
  for (Page* page : collection.garbage_pages) {
    for (std::uint32_t offset = page->scan.low; offset < page->scan.high;
         offset += page->slot_bytes) {
      if (page->type == nullptr) break;  // its last object went through the user's code
      ObjectHeader* const header = page->header_at(offset);
      if (header->state() == State::kSuspect) function(*page, header);
    }
  }
}

}  // namespace ouro::detail
