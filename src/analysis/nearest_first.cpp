#include "analysis/nearest_first.hpp"

#include <algorithm>

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::NodeIndex;

NearestFirst::NearestFirst(const FoldedReferences& references, const EdgeSelection& owned,
                           NodeIndex around)
    : references_(references),
      owned_(owned),
      around_(around),
      found_(FlatArray<Found>::zeros(references.graph().node_count())),
      queue_(references.graph().node_count()) {}

void NearestFirst::add_start(NodeIndex node, std::uint32_t start_index) {
  reach(node, start_index, 1);
}

void NearestFirst::search(const NodeSet& wanted, std::size_t enough, Progress* progress) {
  ProgressStep step(progress, "shortest paths", references_.graph().node_count());
  std::size_t wanted_found = 0;
  std::size_t counted = 0;  // of the queue
  std::uint32_t steps = 0;
  for (std::size_t next = 0; next < end_; ++next) {
    const NodeIndex node = queue_[next];
    if (found_[node].steps != steps) {
      // The first of its distance: all of that distance are in the queue.
      steps = found_[node].steps;
      for (; counted < end_; ++counted) wanted_found += wanted.contains(queue_[counted]) ? 1u : 0u;
      if (wanted_found >= enough) return;
    }
    if (node == around_) continue;
    references_.for_each(node, [&](EdgeIndex edge) {
      if (owned_.has(edge)) reach(references_.graph().target(edge), edge, steps + 1);
    });
    step.at(next);
  }
}

Path NearestFirst::path_to(NodeIndex node) const {
  Path path;
  path.edges.reserve(distance(node));
  while (distance(node) != 0) {
    path.edges.push_back(found_[node].parent);
    node = references_.source(found_[node].parent);
  }
  std::ranges::reverse(path.edges);
  path.start = node;
  path.start_index = found_[node].parent;
  return path;
}

}  // namespace ouro::analysis
