#include "analysis/reachability.hpp"

#include <algorithm>

#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::NodeIndex;

NodeSet reachable_from(const graph::HeapGraph& graph, std::span<const NodeIndex> starts,
                       EdgeFilter filter, Progress* progress) {
  const EdgeSelection selection(graph, filter);
  ProgressStep step(progress, "reachable objects", graph.node_count());
  NodeSet reached(graph.node_count());
  std::vector<NodeIndex> stack;
  for (const NodeIndex start : starts) {
    if (reached.insert(start)) stack.push_back(start);
  }
  std::uint64_t done = 0;
  while (!stack.empty()) {
    const NodeIndex node = stack.back();
    stack.pop_back();
    for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      if (!selection.has(edge)) continue;
      const NodeIndex target = graph.target(edge);
      if (reached.insert(target)) stack.push_back(target);
    }
    step.at(++done);
  }
  return reached;
}

NodeSet reachable_from_roots(const graph::HeapGraph& graph, EdgeFilter filter, Progress* progress) {
  return reachable_from(graph, root_nodes(graph), filter, progress);
}

std::vector<NodeIndex> root_nodes(const graph::HeapGraph& graph) {
  std::vector<NodeIndex> nodes;
  nodes.reserve(graph.roots().size());
  for (const graph::Root& root : graph.roots()) nodes.push_back(root.node);
  std::ranges::sort(nodes);
  const auto repeated = std::ranges::unique(nodes);
  nodes.erase(repeated.begin(), repeated.end());
  return nodes;
}

std::vector<NodeIndex> nodes_outside(const NodeSet& set) {
  std::vector<NodeIndex> nodes;
  for (NodeIndex node = 0; node < set.node_count(); ++node) {
    if (!set.contains(node)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace ouro::analysis
