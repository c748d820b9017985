#include "analysis/paths_of_holders.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include "analysis/edge_filter.hpp"
#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

std::vector<EdgeIndex> references_to(const HeapGraph& graph, NodeIndex node, Progress* progress) {
  const EdgeSelection owned(graph, EdgeFilter::kOwned);
  const auto targets = graph.all_targets();
  ProgressStep step(progress, "references to the object", targets.size());
  std::vector<EdgeIndex> references;
  for (EdgeIndex edge = 0; edge < targets.size(); ++edge) {
    if (targets[edge] == node && owned.has(edge)) references.push_back(edge);
    step.at(edge);
  }
  return references;
}

struct Holder {
  std::uint32_t distance;
  NodeIndex node;
  EdgeIndex edge;  ///< its first reference to the object
};

/// Those that something else keeps alive, the nearest first.
std::vector<Holder> holders_of(const HeapGraph& graph, const ShortestPaths& forest, NodeIndex node,
                               const std::vector<EdgeIndex>& references) {
  std::vector<Holder> holders;
  for (const EdgeIndex edge : references) {
    const NodeIndex source = graph.source(edge);
    const bool is_repeated = !holders.empty() && holders.back().node == source;
    if (source == node || is_repeated || !forest.is_reached(source)) continue;
    holders.push_back({forest.distance(source), source, edge});
  }
  std::ranges::sort(holders, {},
                    [](const Holder& holder) { return std::tuple(holder.distance, holder.node); });
  return holders;
}

std::vector<Path> cycles_of(const HeapGraph& graph, const ShortestPaths& around, NodeIndex node,
                            const std::vector<EdgeIndex>& references, Progress* progress) {
  constexpr std::size_t kMostCycles = 3;
  std::vector<EdgeIndex> own;
  for (const EdgeIndex edge : references) {
    const NodeIndex source = graph.source(edge);
    if (source == node || !around.is_reached(source)) own.push_back(edge);
    if (own.size() == kMostCycles) break;
  }
  if (own.empty()) return {};
  const auto forest = ShortestPaths::from_nodes(graph, std::span(&node, 1), progress);
  std::vector<Path> cycles;
  for (const EdgeIndex edge : own) {
    auto path = forest.path_to(graph.source(edge));
    if (!path) continue;
    path->edges.push_back(edge);
    cycles.push_back(*std::move(path));
  }
  return cycles;
}

}  // namespace

PathsOfHolders paths_of_holders(const HeapGraph& graph, NodeIndex node, std::size_t most_paths,
                                Progress* progress) {
  const auto forest = ShortestPaths::from_roots_around(graph, node, progress);
  PathsOfHolders found;
  found.references = references_to(graph, node, progress);
  if (most_paths > 0 && forest.is_reached(node) && forest.is_start(node)) {
    found.paths.push_back(*forest.path_to(node));
  }
  for (const Holder& holder : holders_of(graph, forest, node, found.references)) {
    if (found.paths.size() >= most_paths) break;
    Path path = *forest.path_to(holder.node);
    path.edges.push_back(holder.edge);
    found.paths.push_back(std::move(path));
  }
  if (!found.paths.empty() && found.paths.size() < most_paths) {
    found.cycles = cycles_of(graph, forest, node, found.references, progress);
  }
  return found;
}

}  // namespace ouro::analysis
