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

/// Narrows the nodes to those whose holder is of the type that most holders are of.
std::optional<Scattered> by_holder(const HeapGraph& graph, const ShortestPaths& forest,
                                   const TypeOrigins& origins, TypeIndex type,
                                   const std::vector<NodeIndex>& nodes) {
  std::vector<NodeIndex> holder_by_place;
  std::vector<std::uint64_t> count_by_type(std::size_t{graph.type_count()} + 1, 0);
  for (const NodeIndex node : nodes) {
    holder_by_place.push_back(forest.parent(node));
    if (holder_by_place.back() != kNoNode) ++count_by_type[graph.type(holder_by_place.back())];
  }
  const auto most = std::ranges::max_element(count_by_type);
  if (2 * *most < nodes.size()) return std::nullopt;
  Scattered found{.type = type, .nodes = {}, .amount = {}};
  found.holder_type = static_cast<TypeIndex>(most - count_by_type.begin());
  std::vector<NodeIndex> holders;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    const NodeIndex holder = holder_by_place[at];
    if (holder == kNoNode || graph.type(holder) != found.holder_type) continue;
    holders.push_back(holder);
    found.nodes.push_back(nodes[at]);
  }
  std::ranges::sort(holders);
  const auto repeated = std::ranges::unique(holders);
  holders.erase(repeated.begin(), repeated.end());
  found.holder_count = holders.size();
  found.holder = *std::ranges::min_element(
      holders, {}, [&](NodeIndex holder) { return forest.distance(holder); });
  const bool is_alone = found.nodes.size() < 2 * found.holder_count;
  const bool is_of_own = origins.of(found.holder_type) == TypeOrigin::kApplication;
  if (is_alone && (is_of_own || forest.is_start(found.holder))) return std::nullopt;
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
    std::optional<Scattered> found = by_holder(graph, forest, origins, type, nodes);
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
