// The end of garbage, in two passes over its pages. First every reference in it becomes null, then the
// destructors run: so a destructor meets null where a neighbour was, never an object half gone, and no
// slot is reused while anything in the garbage still names it.
#include "runtime/collector/collection.hpp"
#include "runtime/weak_object.hpp"

namespace ouro::detail {

void clear(Collection& collection) noexcept {
  ClearVisitor visitor{collection.view};
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    // Made by finalizers: these never call.
    if ((header->bits & ObjectHeader::kHasWeak) != 0) {
      discard_weak_references(collection.heap, header);
    }
    if (page.type->clear != nullptr) page.type->clear(header->object(), visitor);
  });
}

void destroy(Collection& collection) noexcept {
  deselect(collection.garbage_pages);
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    ++collection.collected;
    destroy_object(collection.heap, page, header);
  });
}

}  // namespace ouro::detail
