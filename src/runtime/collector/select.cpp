// Which objects a collection judges. A generation is not a list but a state in the headers; pages
// say where objects of a young state may be, and only there is looked.
#include <cstring>

#include "runtime/collector/collection.hpp"

namespace ouro::detail {

namespace {

std::uint8_t* gc_refs_of(const Page& page) noexcept {
  return region.gc_refs + static_cast<std::size_t>(&page - region.pages) * kGranulesPerPage;
}

void select(Collection& collection, Page& page, Extent extent) {
  collection.pages.push_back(&page);
  page.scan = extent;
  reset_gc_refs(page);
  region.in_set[&page - region.pages] = collection.heap.collection_mark;
}

}  // namespace

void reset_gc_refs(Page& page) noexcept {
  const std::size_t low = page.scan.low >> kGranuleShift;
  const std::size_t high = std::min<std::size_t>(page.scan.high >> kGranuleShift, kGranulesPerPage);
  if (low < high) std::memset(gc_refs_of(page) + low, 0, high - low);
}

void select_pages(Collection& collection, int generation) {
  HeapState& heap = collection.heap;
  collection.members = generations_up_to(generation);
  if (generation == 2) {
    collection.pages.reserve(heap.pages.size());
    for (Page* page : heap.pages) {
      if (page->is_traced && !page->is_frozen) select(collection, *page, page->whole());
    }
    return;
  }
  collection.pages.reserve(heap.young.size() + heap.middle.size());
  for (Page* page : heap.young) {
    if (page->is_stale) refresh_states(*page);
    Extent extent = page->young;
    if (generation == 1) extent.include(page->middle);
    select(collection, *page, extent);
  }
  if (generation == 0) return;
  for (Page* page : heap.middle) {
    if (heap.young.contains(*page)) continue;
    if (page->is_stale) refresh_states(*page);
    select(collection, *page, page->middle);
  }
}

void select_objects(Collection& collection, const std::vector<Ref<void>>& objects) {
  collection.members = set_of(State::kSuspect);
  for (const Ref<void>& object : objects) {
    Page& page = region.page_of(object.object_);
    if (region.in_set[&page - region.pages] == 0) select(collection, page, page.whole());
  }
}

void select_everything(Collection& collection) {
  collection.members = kAlive;
  collection.pages.reserve(collection.heap.pages.size());
  for (Page* page : collection.heap.pages) select(collection, *page, page->whole());
}

void deselect(const std::vector<Page*>& pages) noexcept {
  for (const Page* page : pages) region.in_set[page - region.pages] = 0;
}

}  // namespace ouro::detail
