#include "text/reached.hpp"

#include "text/page_array.hpp"

namespace ouro::text {

ReachedNodes reached_from(const PlainGraph& graph, std::span<const NodeIndex> roots,
                          Progress* progress) {
  // Ahead in the queue: a node's begin in the edges, then the edges there.
  constexpr std::size_t kBeginAhead = 16;
  constexpr std::size_t kEdgesAhead = 8;
  constexpr std::size_t kNodesPerAdvance = std::size_t{1} << 20;
  if (progress != nullptr) progress->begin("following edges", graph.node_count());

  ReachedNodes reached(graph.node_count());
  PageArray<NodeIndex> queue(graph.node_count());
  std::size_t end = 0;
  for (const NodeIndex root : roots) {
    if (reached.insert(root)) queue[end++] = root;
  }
  for (std::size_t at = 0; at < end; ++at) {
    if (at + kBeginAhead < end) {
      __builtin_prefetch(&graph.edge_begins[queue[at + kBeginAhead]]);
      const EdgeIndex begin = graph.edge_begins[queue[at + kEdgesAhead]];
      __builtin_prefetch(graph.targets.data() + begin);
    }
    for (const NodeIndex target : graph.targets_of(queue[at])) {
      if (reached.insert(target)) queue[end++] = target;
    }
    if (progress != nullptr && at % kNodesPerAdvance == 0) progress->advance(at);
  }
  if (progress != nullptr) progress->advance(graph.node_count());
  return reached;
}

std::vector<NodeIndex> unreachable(const PlainGraph& graph, std::span<const NodeIndex> roots,
                                   Progress* progress) {
  const ReachedNodes reached = reached_from(graph, roots, progress);
  std::vector<NodeIndex> nodes;
  nodes.reserve(graph.node_count() - reached.count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (!reached.contains(node)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace ouro::text
