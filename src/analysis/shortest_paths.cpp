#include "analysis/shortest_paths.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

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
      forest_(graph.node_count()) {
  std::iota(start_indexes_.begin(), start_indexes_.end(), 0u);
  std::ranges::sort(start_indexes_, {},
                    [this](std::uint32_t at) { return std::pair(starts_[at], at); });

  const EdgeSelection owned(graph, EdgeFilter::kOwned);
  ProgressStep step(progress, "shortest paths", graph.node_count());
  // Not a vector: only as much of it is ever touched as there are nodes reached.
  const auto queue = std::make_unique_for_overwrite<NodeIndex[]>(graph.node_count());
  std::size_t end = 0;
  const auto reach = [&](NodeIndex node, std::uint32_t parent, std::uint32_t distance) {
    Found& found = forest_[node];
    if (found.distance != kNotReached) return;
    found = {parent, distance};
    queue[end++] = node;
  };
  for (std::uint32_t at = 0; at < starts_.size(); ++at) reach(starts_[at], at, 0);
  for (std::size_t next = 0; next < end; ++next) {
    const NodeIndex node = queue[next];
    const std::uint32_t distance = forest_[node].distance + 1;
    for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      if (owned.has(edge)) reach(graph.target(edge), edge, distance);
    }
    step.at(next);
  }
}

NodeIndex ShortestPaths::parent(NodeIndex node) const {
  if (!is_reached(node) || is_start(node)) return graph::kNoNode;
  return graph_.source(forest_[node].parent);
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
    path.edges.push_back(forest_[node].parent);
    node = graph_.source(forest_[node].parent);
  }
  std::ranges::reverse(path.edges);
  path.start = node;
  path.start_index = forest_[node].parent;
  return path;
}

}  // namespace ouro::analysis
