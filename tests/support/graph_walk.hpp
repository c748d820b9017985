// Everything a graph says, as text: two graphs that answer alike give the same. Touches every
// column, so that a sanitizer sees what a reader of a hostile file would.
#pragma once

#include <string>

#include "graph/heap_graph.hpp"

namespace ouro::test {

inline std::string everything_of(const graph::HeapGraph& graph) {
  std::string text;
  const auto add = [&](auto... values) { ((text += std::to_string(values), text += ' '), ...); };
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    add(graph.address(node), graph.size_bytes(node), graph.reference_count(node),
        graph.flags(node).byte());
    text += graph.type_name(graph.type(node)) + '|' + std::string(graph.preview(node)) + '\n';
    for (graph::EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      add(graph.target(edge), graph.kind(edge).byte(), graph.edge_index(edge));
      text += graph.edge_label(edge) + graph.edge_shape(edge) + '|' +
              std::string(name_of(graph.kind(edge).meaning())) + '\n';
    }
  }
  for (const graph::Root& root : graph.roots()) {
    add(root.node, root.references);
    text += std::string(name_of(root.kind)) + std::string(graph.string(root.name)) + '\n';
  }
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    text += graph.type_name(type) + std::to_string(graph.types()[type].node) + '\n';
  }
  for (const graph::FactRow& fact : graph.facts()) {
    text +=
        std::string(graph.string(fact.key)) + '=' + std::string(graph.string(fact.value)) + '\n';
  }
  return text;
}

}  // namespace ouro::test
