// What follows from the judgement: garbage gets the state kSuspect, survivors grow older.
#include "runtime/collector/collection.hpp"

namespace ouro::detail {

void condemn(Collection& collection) {
  collection.garbage_pages.reserve(collection.pages.size());
  for (Page* page : collection.pages) {
    bool has_garbage = false;
    const bool has_finalizer = page->type->finalize != nullptr;
    for_each_object(*page, page->scan, collection.members, [&](ObjectHeader* header) {
      if (*collection.view.find_header(header) != kCandidate) return;
      header->set_state(State::kSuspect);
      has_garbage = true;
      if ((header->bits & ObjectHeader::kHasWeak) != 0) collection.has_weak = true;
      if (has_finalizer && (header->bits & ObjectHeader::kFinalized) == 0) {
        collection.has_finalizers = true;
      }
    });
    if (has_garbage) {
      collection.garbage_pages.push_back(page);
    } else {
      region.in_set[page - region.pages] = 0;
    }
  }
}

/// Generation `generation` and younger become one older; where they are is known by the pages.
void promote(HeapState& heap, int generation) noexcept {
  const State older = state_of_generation(generation < 2 ? generation + 1 : 2);
  const StateSet members = generations_up_to(generation);
  std::size_t promoted = 0;
  const auto raise = [&](Page& page, Extent extent) {
    for_each_object(page, extent, members, [&](ObjectHeader* header) {
      header->set_state(older);
      ++promoted;
    });
  };
  for (Page* page : heap.young) raise(*page, page->young);
  if (generation == 0) {
    for (Page* page : heap.young) {
      if (!heap.middle.contains(*page)) heap.middle.add(*page);
      page->middle.include(page->young);
    }
  } else {
    for (Page* page : heap.middle) raise(*page, page->middle);
    for (Page* page : heap.middle) page->middle = {};
    heap.middle.clear();
    heap.long_lived_pending += promoted;
  }
  for (Page* page : heap.young) page->young = {};
  heap.young.clear();
}

void pardon_reached(Collection& collection) noexcept {
  for_each_condemned(collection, [&](Page&, ObjectHeader* header) {
    if (*collection.view.find_header(header) != kCandidate) {
      header->set_state(State::kGeneration2);
    }
  });
}

}  // namespace ouro::detail
