// The end of garbage, in two passes over its pages. First every reference in it becomes null, then
// the destructors run: so a destructor meets null where a neighbour was, never an object half gone,
// and no slot is reused while anything in the garbage still names it.
//
// Types whose destructors nobody can watch (DestroysQuietly) are cleared, destroyed and freed in
// the first pass, object by object (TypeLoops::bury). What still names such a slot is garbage that
// is not cleared yet; clearing it looks at the side table alone, where the slot stays a candidate
// until the end. An object that leads to garbage alone need not even be cleared, where its
// destructor does no more than those of references and of vectors of them do: its slot is free as
// it is.
#include <utility>

#include "runtime/collector/collection.hpp"
#include "runtime/weak_object.hpp"

namespace ouro::detail {

void clear(Collection& collection) noexcept {
  ClearVisitor visitor{collection.view, collection.members, collection.survivors};
  std::vector<Page*>& pages = collection.garbage_pages;
  for (Page*& page : pages) {
    const TypeInfo* const type = page->type;
    if (type == nullptr) continue;  // the user's code emptied it
    visitor.kept = {};
    visitor.kept_count = 0;
    if (type->sweep_garbage != nullptr) {
      const std::uint32_t destroyed = type->sweep_garbage(*page, visitor);
      collection.collected += destroyed;
      note_survivors(collection, *page, visitor);
      if (destroyed == 0) continue;
      // Unless the user's code made objects in the page meanwhile: they may lie in that run.
      if (!page->is_current && !page->is_frozen && page->young.empty()) {
        note_free_run(*page, visitor.free_run);
      }
      page_lost_objects(collection.heap, *page, destroyed);
    } else {
      if (type->clear_garbage != nullptr) type->clear_garbage(*page, visitor);
      note_survivors(collection, *page, visitor);
      std::swap(page, pages[collection.cleared_pages++]);
    }
  }
}

void discard_weak_references(Collection& collection) noexcept {
  for_each_condemned(collection, [&](Page&, ObjectHeader* header) {
    if ((header->bits & ObjectHeader::kHasWeak) != 0) {
      detail::discard_weak_references(collection.heap, header);
    }
  });
}

void destroy(Collection& collection) noexcept {
  deselect(collection.garbage_pages);
  for (std::size_t at = 0; at < collection.cleared_pages; ++at) {
    Page& page = *collection.garbage_pages[at];
    if (page.type == nullptr) continue;
    const std::uint32_t destroyed = page.type->destroy_garbage(page);
    collection.collected += destroyed;
    if (destroyed > 0) page_lost_objects(collection.heap, page, destroyed);
  }
}

}  // namespace ouro::detail
