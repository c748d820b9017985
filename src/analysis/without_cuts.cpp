#include "analysis/without_cuts.hpp"

#include <memory>

#include "analysis/edge_classes.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::EdgeKind;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

/// The last edge of an example is one to cut.
std::vector<EdgeClass> cut_by_shape(const HeapGraph& graph, const Cycles& cycles,
                                    EdgeClasses& classes) {
  std::vector<EdgeClass> cuts;
  for (const CycleShape& shape : cycles.shapes) {
    const EdgeIndex edge = shape.example.back();
    cuts.push_back(classes.of(graph.source(edge), edge));
  }
  return cuts;
}

struct Owner {
  HeapGraph graph;
  std::vector<std::byte> kinds;
};

}  // namespace

HeapGraph without_cuts(const HeapGraph& graph, const Components& components, const Cycles& cycles) {
  EdgeClasses classes(graph);
  const std::vector<EdgeClass> cuts = cut_by_shape(graph, cycles, classes);
  const auto owner = std::make_shared<Owner>(Owner{graph, {}});
  owner->kinds.resize(graph.edge_count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    const ComponentIndex component = components.of(node);
    for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      owner->kinds[edge] = std::byte{graph.kind(edge).byte()};
      if (component == kNoComponent || components.of(graph.target(edge)) != component) continue;
      if (classes.of(node, edge) != cuts[cycles.shape_by_component[component]]) continue;
      owner->kinds[edge] |= std::byte{EdgeKind::kWeak};
    }
  }
  graph::Columns columns = graph.columns();
  columns.kinds = graph::Column(owner->kinds.data(), graph.edge_count(), 1);
  return HeapGraph(std::move(columns), owner);
}

}  // namespace ouro::analysis
