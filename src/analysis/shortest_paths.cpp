#include "analysis/shortest_paths.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "analysis/leaves.hpp"
#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

std::vector<NodeIndex> nodes_on(const HeapGraph& graph, const Path& path) {
  std::vector<NodeIndex> nodes{path.start};
  for (const EdgeIndex edge : path.edges) nodes.push_back(graph.target(edge));
  return nodes;
}

namespace {

std::vector<NodeIndex> nodes_of_roots(const HeapGraph& graph) {
  std::vector<NodeIndex> nodes;
  nodes.reserve(graph.roots().size());
  for (const graph::Root& root : graph.roots()) nodes.push_back(root.node);
  return nodes;
}

}  // namespace

ShortestPaths ShortestPaths::from_roots(const HeapGraph& graph, Progress* progress) {
  return ShortestPaths(graph, nodes_of_roots(graph), progress);
}

ShortestPaths ShortestPaths::from_nodes(const HeapGraph& graph, std::span<const NodeIndex> starts,
                                        Progress* progress) {
  return ShortestPaths(graph, {starts.begin(), starts.end()}, progress);
}

ShortestPaths::ShortestPaths(const HeapGraph& graph, std::vector<NodeIndex> starts,
                             Progress* progress)
    : graph_(graph),
      starts_(std::move(starts)),
      start_indexes_(starts_.size()),
      reached_(graph.node_count()),
      parents_(graph.node_count()),
      near_(graph.node_count()) {
  std::iota(start_indexes_.begin(), start_indexes_.end(), 0u);
  std::ranges::sort(start_indexes_, {},
                    [this](std::uint32_t at) { return std::pair(starts_[at], at); });

  const EdgeSelection owned(graph, EdgeFilter::kOwned);
  const NodeSet leaves = leaves_of(graph);
  const std::uint32_t most = graph.node_count() - leaves.size();
  ProgressStep step(progress, "shortest paths", most);
  const std::span<const EdgeIndex> begins = graph.edge_begins();
  const std::span<const NodeIndex> targets = graph.all_targets();
  // Those that lead on, as they were found: of one distance, then of the next. For the worst case;
  // only what is written takes memory.
  FlatArray<NodeIndex> level(most);
  FlatArray<NodeIndex> next_level(most);
  std::uint32_t next_size = 0;
  const auto reach = [&](NodeIndex node, std::uint32_t parent, std::uint32_t distance) {
    if (!reached_.insert(node)) return;
    parents_[node] = parent;
    set_distance(node, distance);
    if (!leaves.contains(node)) next_level[next_size++] = node;
  };
  for (std::uint32_t at = 0; at < starts_.size(); ++at) reach(starts_[at], at, 0);
  std::uint32_t searched = 0;
  for (std::uint32_t distance = 1; next_size > 0; ++distance) {
    std::swap(level, next_level);
    for (const NodeIndex node : level.span().first(std::exchange(next_size, 0u))) {
      for (EdgeIndex edge = begins[node]; edge < begins[node + 1]; ++edge) {
        if (owned.has(edge)) reach(targets[edge], edge, distance);
      }
      step.at(searched++);
    }
  }
}

void ShortestPaths::set_distance(NodeIndex node, std::uint32_t distance) {
  near_[node] = static_cast<std::uint8_t>(std::min<std::uint32_t>(distance, kFar));
  if (distance < kFar) return;
  if (far_.size() == 0) far_ = FlatArray<std::uint32_t>(near_.size());
  far_[node] = distance;
}

NodeIndex ShortestPaths::parent(NodeIndex node) const {
  if (!is_reached(node) || is_start(node)) return graph::kNoNode;
  return graph_.source(parents_[node]);
}

std::span<const std::uint32_t> ShortestPaths::start_indexes(NodeIndex node) const {
  const auto found = std::ranges::equal_range(start_indexes_, node, {},
                                              [this](std::uint32_t at) { return starts_[at]; });
  return {found.begin(), found.end()};
}

std::optional<Path> ShortestPaths::path_to(NodeIndex node) const {
  if (!is_reached(node)) return std::nullopt;
  Path path;
  path.edges.reserve(distance(node));
  while (!is_start(node)) {
    path.edges.push_back(parents_[node]);
    node = graph_.source(parents_[node]);
  }
  std::ranges::reverse(path.edges);
  path.start = node;
  path.start_index = parents_[node];
  return path;
}

}  // namespace ouro::analysis
