#include "analysis/scattered.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "analysis/retained.hpp"

namespace ouro::analysis {

namespace {

using graph::HeapGraph;
using graph::kNoNode;
using graph::NodeIndex;
using graph::TypeIndex;

/// Of each type of the application that has so many, the objects that roots reach.
std::vector<std::vector<NodeIndex>> reached_by_type(const HeapGraph& graph,
                                                    const ShortestPaths& forest,
                                                    const TypeOrigins& origins,
                                                    std::uint64_t fewest) {
  std::vector<std::uint64_t> count_by_type(std::size_t{graph.type_count()} + 1, 0);
  for (NodeIndex node = 0; node < graph.node_count(); ++node) ++count_by_type[graph.type(node)];
  std::vector<std::vector<NodeIndex>> nodes_by_type(count_by_type.size());
  std::vector<bool> is_wanted(count_by_type.size());
  for (TypeIndex type = 0; type < count_by_type.size(); ++type) {
    is_wanted[type] = count_by_type[type] >= fewest && origins.of(type) == TypeOrigin::kApplication;
    if (is_wanted[type]) nodes_by_type[type].reserve(count_by_type[type]);
  }
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    const TypeIndex type = graph.type(node);
    if (!is_wanted[type] || graph.flags(node).is_type() || !forest.is_reached(node)) continue;
    nodes_by_type[type].push_back(node);
  }
  return nodes_by_type;
}

/// Whether the container is a part of an object of the type.
bool belongs_to(const HeapGraph& graph, const ShortestPaths& forest, NodeIndex container,
                TypeIndex type) {
  constexpr int kMostSteps = 4;  // of lists in dicts in lists
  for (int step = 0; step < kMostSteps && container != kNoNode; ++step) {
    if (graph.type(container) == type) return true;
    if (forest.is_start(container)) return false;
    const bool is_attribute =
        graph.kind(forest.parent_edge(container)).meaning() == graph::EdgeMeaning::kAttribute;
    container = forest.parent(container);
    if (is_attribute) return graph.type(container) == type;
  }
  return false;
}

/// What holds the object as one of many; kNoNode where nothing does.
NodeIndex container_of(const HeapGraph& graph, const ShortestPaths& forest, NodeIndex node) {
  if (forest.is_start(node)) return kNoNode;
  const graph::EdgeMeaning meaning = graph.kind(forest.parent_edge(node)).meaning();
  if (meaning == graph::EdgeMeaning::kAttribute || meaning == graph::EdgeMeaning::kVariable) {
    return kNoNode;
  }
  const NodeIndex container = forest.parent(node);
  return belongs_to(graph, forest, container, graph.type(node)) ? kNoNode : container;
}

/// Narrows the nodes to those whose container is of the type that most containers are of.
std::optional<Scattered> by_container(const HeapGraph& graph, const ShortestPaths& forest,
                                      TypeIndex type, const std::vector<NodeIndex>& nodes) {
  std::vector<NodeIndex> container_by_place;
  std::vector<std::uint64_t> count_by_type(std::size_t{graph.type_count()} + 1, 0);
  for (const NodeIndex node : nodes) {
    container_by_place.push_back(container_of(graph, forest, node));
    if (container_by_place.back() != kNoNode) {
      ++count_by_type[graph.type(container_by_place.back())];
    }
  }
  const auto most = std::ranges::max_element(count_by_type);
  if (2 * *most < nodes.size()) return std::nullopt;
  Scattered found{.type = type, .nodes = {}, .amount = {}};
  found.holder_type = static_cast<TypeIndex>(most - count_by_type.begin());
  std::vector<NodeIndex> containers;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    const NodeIndex container = container_by_place[at];
    if (container == kNoNode || graph.type(container) != found.holder_type) continue;
    containers.push_back(container);
    found.nodes.push_back(nodes[at]);
  }
  std::ranges::sort(containers);
  const auto repeated = std::ranges::unique(containers);
  containers.erase(repeated.begin(), repeated.end());
  found.holder_count = containers.size();
  found.holder = *std::ranges::min_element(
      containers, {}, [&](NodeIndex container) { return forest.distance(container); });
  return found;
}

}  // namespace

std::vector<Scattered> find_scattered(const HeapGraph& graph, const ShortestPaths& forest,
                                      const DominatorTree& tree, const DominatorOrder& order,
                                      const TypeOrigins& origins, const IsKnown& is_known,
                                      std::uint64_t fewest) {
  std::vector<Scattered> all;
  const auto nodes_by_type = reached_by_type(graph, forest, origins, fewest);
  for (TypeIndex type = 0; type < nodes_by_type.size(); ++type) {
    const std::vector<NodeIndex>& nodes = nodes_by_type[type];
    if (nodes.size() < fewest || nodes.empty() || is_known(type, nodes)) continue;
    std::optional<Scattered> found = by_container(graph, forest, type, nodes);
    if (!found || found->nodes.size() < fewest || found->holder_count < 2) continue;
    found->amount = {found->nodes.size(), dominated_by(tree, order, found->nodes).bytes};
    all.push_back(std::move(*found));
  }
  std::ranges::sort(all, [](const Scattered& a, const Scattered& b) {
    return std::tie(b.amount.bytes, a.type) < std::tie(a.amount.bytes, b.type);
  });
  return all;
}

}  // namespace ouro::analysis
