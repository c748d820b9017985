#include "analysis/entrances.hpp"

#include "analysis/edge_filter.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::NodeIndex;

NodeSet entrances(const graph::HeapGraph& graph, const Components& components) {
  // Targets are anywhere in the heap: a set of bits fits the cache where their numbers do not.
  NodeSet on_cycles(graph.node_count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (components.is_on_cycle(node)) on_cycles.insert(node);
  }
  NodeSet entered(graph.node_count());
  const EdgeSelection selection(graph, components.filter());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    const EdgeIndex end = graph.edges_end(node);
    for (EdgeIndex edge = graph.edges_begin(node); edge < end; ++edge) {
      const NodeIndex target = graph.target(edge);
      if (!on_cycles.contains(target) || components.of(target) == components.of(node)) continue;
      if (selection.has(edge)) entered.insert(target);
    }
  }
  for (const graph::Root& root : graph.roots()) {
    if (on_cycles.contains(root.node)) entered.insert(root.node);
  }
  return entered;
}

}  // namespace ouro::analysis
