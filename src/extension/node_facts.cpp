#include "extension/node_facts.hpp"

#include <optional>
#include <string>

#include "extension/patience.hpp"
#include "graph/root.hpp"

namespace nb = nanobind;

namespace ouro::extension {

nb::object text_of(std::string_view text) {
  PyObject* object =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (object == nullptr) nb::raise_python_error();
  return nb::steal(object);
}

nb::object node_at(const std::shared_ptr<Heap>& heap, std::uint64_t address) {
  const graph::HeapGraph& graph = heap->stored();
  std::optional<graph::NodeIndex> found;
  {
    const nb::gil_scoped_release without_gil;
    for (graph::NodeIndex node = 0; node < graph.node_count() && !found; ++node) {
      if (graph.address(node) == address) found = node;
    }
  }
  return found ? nb::cast(*found) : nb::none();
}

nb::list references_of(const std::shared_ptr<Heap>& heap, graph::NodeIndex node) {
  const graph::HeapGraph& graph = heap->graph();
  nb::list references;
  for (graph::EdgeIndex edge = graph.edges_begin(node); edge != graph.edges_end(node); ++edge) {
    references.append(nb::make_tuple(text_of(graph.edge_label(edge)), graph.target(edge),
                                     graph.kind(edge).is_weak()));
  }
  return references;
}

nb::list referrers_of(const std::shared_ptr<Heap>& heap, graph::NodeIndex node) {
  const graph::HeapGraph& graph = heap->graph();
  const analysis::ReverseEdges* reverse = nullptr;
  {
    const nb::gil_scoped_release without_gil;
    Patience patience;
    reverse = &heap->reverse_edges(&patience);
  }
  nb::list referrers;
  graph::NodeIndex last = graph::kNoNode;
  for (const graph::NodeIndex source : reverse->sources(node)) {
    if (source == last) continue;  // sources rise; all its edges were taken at once
    last = source;
    for (const graph::EdgeIndex edge :
         analysis::edges_between(graph, source, node, analysis::EdgeFilter::kAll)) {
      referrers.append(
          nb::make_tuple(source, text_of(graph.edge_label(edge)), graph.kind(edge).is_weak()));
    }
  }
  return referrers;
}

nb::list types_of(const std::shared_ptr<Heap>& heap) {
  const graph::HeapGraph& graph = heap->stored();
  nb::list types;
  for (const graph::TypeRow& row : graph.types()) {
    types.append(nb::make_tuple(text_of(graph.string(row.name)), text_of(graph.string(row.module)),
                                row.node == graph::kNoNode ? nb::none() : nb::cast(row.node)));
  }
  return types;
}

nb::list roots_of(const std::shared_ptr<Heap>& heap) {
  const graph::HeapGraph& graph = heap->stored();
  nb::list roots;
  for (const graph::Root& root : graph.roots()) {
    roots.append(nb::make_tuple(root.node, text_of(name_of(root.kind)),
                                text_of(graph.string(root.name)), root.references));
  }
  return roots;
}

}  // namespace ouro::extension
