#include "analysis/program_structure.hpp"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

NodeSet program_structure(const HeapGraph& graph) {
  std::vector<bool> is_module(std::size_t{graph.type_count()} + 1, false);
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    is_module[type] = graph.short_type_name(type) == "module";
  }
  NodeSet structure(graph.node_count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (!is_module[graph.type(node)] && !graph.flags(node).is_type()) continue;
    structure.insert(node);
    for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      if (graph.string(graph.edge_name(edge)) == "__dict__") structure.insert(graph.target(edge));
    }
  }
  return structure;
}

namespace {

struct WeakerGraph {
  HeapGraph source;  ///< keeps the memory of all other columns
  std::vector<std::byte> kinds;
};

}  // namespace

HeapGraph without_references_to(const HeapGraph& graph, const NodeSet& nodes) {
  auto weaker = std::make_shared<WeakerGraph>(graph, std::vector<std::byte>(graph.edge_count()));
  bool has_any = false;
  for (EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    const bool leads_there = nodes.contains(graph.target(edge));
    has_any = has_any || leads_there;
    const unsigned weak = leads_there ? graph::EdgeKind::kWeak : 0u;
    weaker->kinds[edge] = static_cast<std::byte>(graph.kind(edge).byte() | weak);
  }
  if (!has_any) return graph;
  graph::Columns columns = graph.columns();
  columns.kinds = graph::Column(weaker->kinds.data(), graph.edge_count(), 1);
  return HeapGraph(columns, std::move(weaker));
}

}  // namespace ouro::analysis
