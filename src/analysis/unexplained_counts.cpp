#include "analysis/unexplained_counts.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "analysis/edge_filter.hpp"
#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

std::vector<std::uint32_t> owned_in_edges(const HeapGraph& graph, Progress* progress) {
  const EdgeSelection owned(graph, EdgeFilter::kOwned);
  const std::span<const NodeIndex> targets = graph.all_targets();
  ProgressStep step(progress, "known references", targets.size());
  std::vector<std::uint32_t> in_edges(graph.node_count());
  for (EdgeIndex edge = 0; edge < targets.size(); ++edge) {
    if (owned.has(edge)) ++in_edges[targets[edge]];
    step.at(edge);
  }
  return in_edges;
}

/// Roots by node, those that are known to hold a reference alone.
std::vector<graph::Root> holding_roots(const HeapGraph& graph) {
  std::vector<graph::Root> roots;
  for (const graph::Root& root : graph.roots()) {
    if (root.references != 0) roots.push_back(root);
  }
  std::ranges::sort(roots, {}, &graph::Root::node);
  return roots;
}

std::vector<UnexplainedOfType> group_by_type(const HeapGraph& graph,
                                             const std::vector<UnexplainedCount>& counts) {
  std::unordered_map<graph::TypeIndex, UnexplainedOfType> group_by_type;
  for (const UnexplainedCount& count : counts) {
    const graph::TypeIndex type = graph.type(count.node);
    UnexplainedOfType& group = group_by_type[type];
    group.type = type;
    if (count.difference > 0) {
      ++group.surplus_nodes;
      group.surplus_references += static_cast<std::uint64_t>(count.difference);
    } else {
      ++group.deficit_nodes;
      group.deficit_references += static_cast<std::uint64_t>(-count.difference);
    }
  }
  std::vector<UnexplainedOfType> groups;
  for (const auto& [type, group] : group_by_type) groups.push_back(group);
  std::ranges::sort(groups, [](const UnexplainedOfType& a, const UnexplainedOfType& b) {
    return std::tie(b.deficit_references, b.surplus_references, a.type) <
           std::tie(a.deficit_references, a.surplus_references, b.type);
  });
  return groups;
}

}  // namespace

UnexplainedCounts find_unexplained_counts(const HeapGraph& graph, Progress* progress) {
  UnexplainedCounts unexplained;
  if (graph.columns().counts.size() == 0) return unexplained;
  const std::vector<std::uint32_t> in_edges = owned_in_edges(graph, progress);
  const std::vector<graph::Root> roots = holding_roots(graph);
  auto root = roots.begin();
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    std::uint64_t known = in_edges[node];
    for (; root != roots.end() && root->node == node; ++root) known += root->references;
    const std::uint64_t count = graph.reference_count(node);
    if (count == known || graph.flags(node).is_immortal()) continue;
    // Only a count that lies is beyond the signed numbers: it must not turn into a deficit.
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t difference = count > known ? std::min(count - known, kMost) : count - known;
    unexplained.by_node.push_back({node, count, static_cast<std::int64_t>(difference)});
  }
  unexplained.by_type = group_by_type(graph, unexplained.by_node);
  return unexplained;
}

}  // namespace ouro::analysis
