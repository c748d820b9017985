#include "analysis/piles.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "analysis/retained.hpp"

namespace ouro::analysis {

namespace {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;
using graph::TypeIndex;

/// Objects that count for a pile: not classes, which a registry may have many of.
class Members {
 public:
  Members(const HeapGraph& graph, const TypeOrigins& origins) : graph_(graph), origins_(origins) {}

  /// Those of the type that occurs most among what the node refers to, each once, rising.
  std::vector<NodeIndex> of(NodeIndex holder) const {
    std::unordered_map<TypeIndex, std::uint64_t> count_by_type;
    for_each(holder, [&](NodeIndex target) { ++count_by_type[graph_.type(target)]; });
    const auto most = std::ranges::max_element(
        count_by_type, {}, [](const auto& entry) { return std::pair(entry.second, ~entry.first); });
    if (most == count_by_type.end()) return {};
    std::vector<NodeIndex> members;
    for_each(holder, [&](NodeIndex target) {
      if (graph_.type(target) == most->first) members.push_back(target);
    });
    std::ranges::sort(members);
    const auto repeated = std::ranges::unique(members);
    members.erase(repeated.begin(), repeated.end());
    return members;
  }

 private:
  template <class Function>
  void for_each(NodeIndex holder, Function&& function) const {
    for (EdgeIndex edge = graph_.edges_begin(holder); edge < graph_.edges_end(holder); ++edge) {
      const NodeIndex target = graph_.target(edge);
      if (!graph_.kind(edge).is_owned() || graph_.flags(target).is_type()) continue;
      if (origins_.of(graph_.type(target)) != TypeOrigin::kLibrary) function(target);
    }
  }

  const HeapGraph& graph_;
  const TypeOrigins& origins_;
};

}  // namespace

std::vector<Pile> find_piles(const HeapGraph& graph, const DominatorTree& tree,
                             const DominatorOrder& order, std::uint64_t fewest_objects) {
  const TypeOrigins origins(graph);
  const Members all_members(graph, origins);
  std::vector<Pile> piles;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (graph.edges_end(node) - graph.edges_begin(node) < fewest_objects) continue;
    if (!tree.is_reachable(node)) continue;
    const std::vector<NodeIndex> members = all_members.of(node);
    if (members.size() < fewest_objects) continue;
    const TypeIndex type = graph.type(members.front());
    const std::uint64_t bytes = dominated_by(tree, order, members).bytes;
    piles.push_back({node, type, origins.of(type), {members.size(), bytes}});
  }
  std::ranges::sort(piles, [](const Pile& a, const Pile& b) {
    return std::tie(a.origin, b.amount.bytes, a.holder) <
           std::tie(b.origin, a.amount.bytes, b.holder);
  });
  return piles;
}

}  // namespace ouro::analysis
