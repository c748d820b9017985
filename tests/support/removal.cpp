#include "support/removal.hpp"

namespace ouro::test {

using graph::NodeIndex;

std::vector<bool> reached_without(const graph::HeapGraph& graph, std::span<const NodeIndex> starts,
                                  std::span<const NodeIndex> removed) {
  std::vector<bool> is_removed(graph.node_count(), false);
  for (const NodeIndex node : removed) is_removed[node] = true;
  std::vector<bool> reached(graph.node_count(), false);
  std::vector<NodeIndex> todo;
  const auto reach = [&](NodeIndex node) {
    if (reached[node] || is_removed[node]) return;
    reached[node] = true;
    todo.push_back(node);
  };
  for (const NodeIndex start : starts) reach(start);
  while (!todo.empty()) {
    const NodeIndex node = todo.back();
    todo.pop_back();
    for (graph::EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      if (graph.kind(edge).is_owned()) reach(graph.target(edge));
    }
  }
  return reached;
}

}  // namespace ouro::test
