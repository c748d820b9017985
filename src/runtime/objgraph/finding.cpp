// Finding objects by type and by address.
#include <algorithm>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/look.hpp"
#include "runtime/objgraph/names.hpp"

namespace ouro {

namespace objgraph {
namespace {

template <class Wanted>
std::vector<Ref<void>> objects_in_pages(Wanted&& wanted) {
  detail::HeapState& heap = used_heap();
  std::vector<Ref<void>> objects;
  for (detail::Page* page : heap.pages) {
    if (!wanted(*page->type)) continue;
    detail::for_each_object(*page, page->whole(), detail::kAlive,
                            [&](detail::ObjectHeader* header) {
                              if (is_visible(heap, header))
                                objects.push_back(refer_to(header->object()));
                            });
  }
  return objects;
}

}  // namespace

std::vector<Ref<void>> by_type(std::string_view name) {
  return objects_in_pages(
      [wanted = WantedName(name)](const detail::TypeInfo& type) { return wanted.matches(type); });
}

std::vector<Ref<void>> by_type(std::string_view name, const std::vector<Ref<void>>& objects) {
  const WantedName wanted(name);
  std::vector<Ref<void>> found;
  for (const Ref<void>& object : objects) {
    if (object != nullptr && wanted.matches(type_of(object.object_))) found.push_back(object);
  }
  return found;
}

Ref<void> at(const void* address) {
  detail::HeapState& heap = used_heap();
  // The region is open, and its table there to be compared with, once the heap has a page.
  if (heap.pages.empty() || !detail::region.contains(address)) return nullptr;
  // The page is looked up among the heap's own, since another heap's may change in another thread.
  detail::Page* const page = &detail::region.page_of(address);
  if (std::ranges::find(heap.pages, page) == heap.pages.end()) return nullptr;
  const auto offset =
      static_cast<std::uint32_t>(static_cast<const std::byte*>(address) - page->data);
  constexpr auto kHeaderBytes = static_cast<std::uint32_t>(sizeof(detail::ObjectHeader));
  const std::uint32_t first = page->first_offset + kHeaderBytes;
  const std::uint32_t slot = (offset - first) / page->slot_bytes;
  if (offset < first || slot >= page->slot_count || (offset - first) % page->slot_bytes != 0) {
    return nullptr;
  }
  return is_visible(heap, detail::ObjectHeader::of(address)) ? refer_to(address) : nullptr;
}

std::vector<Ref<void>> at_addrs(const std::vector<const void*>& addresses) {
  std::vector<Ref<void>> objects;
  for (const void* address : addresses) {
    if (Ref<void> object = at(address)) objects.push_back(std::move(object));
  }
  return objects;
}

}  // namespace objgraph

std::vector<Ref<void>> detail::objects_of(const TypeInfo& type) {
  return objgraph::objects_in_pages([&](const TypeInfo& other) { return &other == &type; });
}

}  // namespace ouro
