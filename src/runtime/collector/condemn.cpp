// What follows from the judgement: garbage gets the state kSuspect, survivors grow older.
#include <algorithm>

#include "runtime/collector/collection.hpp"

namespace ouro::detail {

void note_survivors(Collection& collection, Page& page, const ClearVisitor& visitor) noexcept {
  collection.survivor_count += visitor.kept_count;
  if (visitor.kept.empty() || collection.survivors != State::kGeneration1) return;
  page.middle.include(visitor.kept);
  if (!collection.heap.middle.contains(page)) collection.heap.middle.add(page);
}

void condemn(Collection& collection) {
  collection.garbage_pages.reserve(collection.pages.size());
  for (Page* page : collection.pages) {
    bool has_garbage = false;
    const bool has_finalizer = page->type->finalize != nullptr;
    ClearVisitor survivors{collection.view, collection.members, collection.survivors};
    for_each_object(*page, page->scan, collection.members, [&](ObjectHeader* header) {
      if (collection.view.refs_of(header) != kCandidate) {
        survivors.keep(*page, header);
        return;
      }
      header->set_state(State::kSuspect);
      has_garbage = true;
      if ((header->bits & ObjectHeader::kHasWeak) != 0) collection.has_weak = true;
      if (has_finalizer && (header->bits & ObjectHeader::kFinalized) == 0) {
        collection.has_finalizers = true;
      }
    });
    note_survivors(collection, *page, survivors);
    if (has_garbage) {
      collection.garbage_pages.push_back(page);
    } else {
      region.in_set[page - region.pages] = 0;
    }
  }
}

namespace {

/// Where in the page's young extent constructors are running.
Extent under_construction(Page& page) noexcept {
  Extent found;
  for_each_object(page, page.young, set_of(State::kConstructing), [&](ObjectHeader* header) {
    const std::uint32_t offset = page.offset_of(header);
    found.include({offset, offset + page.slot_bytes});
  });
  return found;
}

}  // namespace

void forget_young_extents(Collection& collection, int generation) noexcept {
  HeapState& heap = collection.heap;
  if (generation >= 1) {
    for (Page* page : heap.middle) page->middle = {};
    heap.middle.clear();
  }
  if (!collection.has_unfinished) {
    for (Page* page : heap.young) page->young = {};
    heap.young.clear();
    return;
  }
  // An object whose constructor made this collection happen will be young when it returns.
  for (std::size_t at = 0; at < heap.young.size();) {
    Page& page = heap.young[at];
    page.young = under_construction(page);
    if (page.young.empty()) {
      heap.young.remove(page);
    } else {
      ++at;
    }
  }
}

void promote_members(Collection& collection) noexcept {
  // The old generation's members are old already; only where younger ones may be is looked.
  const StateSet younger = collection.members & generations_up_to(1);
  ClearVisitor survivors{collection.view, collection.members, collection.survivors};
  for (Page* page : collection.pages) {
    Extent extent = page->young;
    extent.include(page->middle);
    if (extent.low < page->scan.low) extent.low = page->scan.low;
    if (extent.high > page->scan.high) extent.high = page->scan.high;
    survivors.kept = {};
    survivors.kept_count = 0;
    for_each_object(*page, extent, younger | set_of(State::kConstructing),
                    [&](ObjectHeader* header) {
                      if (header->state() == State::kConstructing) {
                        collection.has_unfinished = true;
                      } else {
                        survivors.keep(*page, header);
                      }
                    });
    note_survivors(collection, *page, survivors);
  }
}

namespace {

/// The page's extents move up a generation, its objects with them; none of them is looked at.
void move_extents(HeapState& heap, Page& page, int generation) noexcept {
  if (generation == 0) {
    const bool makes_a_gap = !page.middle.empty() && page.middle.high != page.young.low;
    if (page.is_stale && makes_a_gap) refresh_states(page);
    page.middle.include(page.young);
    if (!heap.middle.contains(page)) heap.middle.add(page);
  } else {
    Extent extent = page.young;
    extent.include(page.middle);
    const std::uint32_t slots = (extent.high - extent.low) / page.slot_bytes;
    heap.long_lived_pending += std::min(slots, page.used_slots);
    page.middle = {};
  }
  page.young = {};
  page.is_stale = true;
}

}  // namespace

void promote_unseen(HeapState& heap, int generation) noexcept {
  for (Page* page : heap.young) {
    if (!page->young.empty()) move_extents(heap, *page, generation);
  }
  heap.young.clear();
  if (generation == 0) return;
  for (Page* page : heap.middle) {
    if (!page->middle.empty()) move_extents(heap, *page, generation);
  }
  heap.middle.clear();
}

void pardon_reached(Collection& collection) noexcept {
  for_each_condemned(collection, [&](Page&, ObjectHeader* header) {
    if (collection.view.refs_of(header) != kCandidate) {
      header->set_state(State::kGeneration2);
    }
  });
}

}  // namespace ouro::detail
