// Visits references by a function, for objgraph's algorithms.
#pragma once

#include <ouro/detail/edge_visitor.hpp>

#include "runtime/heap_state.hpp"

namespace ouro::objgraph {

template <class Function>
class EdgeFunction final : public detail::EdgeVisitor {
 public:
  explicit EdgeFunction(Function& function) : function_(function) {}
  void reference(detail::Reference& reference) override {
    if (reference.object_ != nullptr) function_(reference, label());
  }

 private:
  Function& function_;
};

/// Calls function(reference, label) for every reference, not null, that stands in the object.
template <class Function>
void for_each_reference(const void* object, Function&& function) {
  const detail::TypeInfo& type = *detail::region.page_of(object).type;
  const bool may_be_traced = detail::ObjectHeader::of(object)->is_in(detail::kTracked);
  if (type.visit_edges == nullptr || !may_be_traced) return;
  EdgeFunction<Function> visitor(function);
  type.visit_edges(const_cast<void*>(object), visitor);
}

/// Calls function(source, reference) for every reference that stands in an object of the heap.
template <class Function>
void for_each_reference_of_heap(detail::HeapState& heap, Function&& function) {
  const void* source = nullptr;
  const auto with_source = [&](detail::Reference& reference, const std::string&) {
    function(source, reference);
  };
  EdgeFunction<const decltype(with_source)> visitor(with_source);
  for (detail::Page* page : heap.pages) {
    if (!page->is_traced || page->type->visit_edges == nullptr) continue;
    detail::for_each_object(*page, page->whole(), detail::kTracked,
                            [&](detail::ObjectHeader* header) {
                              // Doomed objects may refer to slots that are free already.
                              if (detail::is_doomed(heap, header)) return;
                              source = header->object();
                              page->type->visit_edges(header->object(), visitor);
                            });
  }
}

}  // namespace ouro::objgraph
