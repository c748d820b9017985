#include "analysis/reverse_edges.hpp"

#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::NodeIndex;

namespace {

/// counts[target + 2] becomes the number of edges to target.
void count_by_target(std::span<const NodeIndex> targets, const EdgeSelection& selection,
                     FlatArray<EdgeIndex>& counts) {
  for (EdgeIndex edge = 0; edge < targets.size(); ++edge) {
    if (selection.has(edge)) ++counts[std::size_t{targets[edge]} + 2];
  }
}

}  // namespace

// The counts stand two places to the right. After summing, begins[t + 1] is where the sources of t
// begin; each source put there advances it, so that at the end it is where those of t + 1 begin: no
// second array of cursors.
ReverseEdges::ReverseEdges(const graph::HeapGraph& graph, EdgeFilter filter, Progress* progress)
    : filter_(filter), begins_(FlatArray<EdgeIndex>::zeros(std::size_t{graph.node_count()} + 2)) {
  const EdgeSelection selection(graph, filter);
  const std::span<const NodeIndex> targets = graph.all_targets();
  ProgressStep step(progress, "reverse edges", graph.node_count());
  count_by_target(targets, selection, begins_);
  for (std::size_t at = 1; at < begins_.size(); ++at) begins_[at] += begins_[at - 1];

  sources_ = FlatArray<NodeIndex>(begins_[begins_.size() - 1]);
  EdgeIndex edge = 0;
  for (NodeIndex source = 0; source < graph.node_count(); ++source) {
    for (const EdgeIndex end = graph.edges_end(source); edge < end; ++edge) {
      if (selection.has(edge)) sources_[begins_[std::size_t{targets[edge]} + 1]++] = source;
    }
    step.at(source);
  }
}

std::vector<EdgeIndex> edges_between(const graph::HeapGraph& graph, NodeIndex source,
                                     NodeIndex target, EdgeFilter filter) {
  std::vector<EdgeIndex> edges;
  for (EdgeIndex edge = graph.edges_begin(source); edge < graph.edges_end(source); ++edge) {
    if (graph.target(edge) == target && passes(filter, graph.kind(edge))) edges.push_back(edge);
  }
  return edges;
}

}  // namespace ouro::analysis
