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

  enum class Which { kOwn, kAll };

  /// Those of the type that occurs most among what the node refers to, each once, rising.
  std::vector<NodeIndex> of(NodeIndex holder, Which which) const {
    std::unordered_map<TypeIndex, std::uint64_t> count_by_type;
    for_each(holder, which, [&](NodeIndex target) { ++count_by_type[graph_.type(target)]; });
    const auto most = std::ranges::max_element(
        count_by_type, {}, [](const auto& entry) { return std::pair(entry.second, ~entry.first); });
    if (most == count_by_type.end()) return {};
    std::vector<NodeIndex> members;
    for_each(holder, which, [&](NodeIndex target) {
      if (graph_.type(target) == most->first) members.push_back(target);
    });
    std::ranges::sort(members);
    const auto repeated = std::ranges::unique(members);
    members.erase(repeated.begin(), repeated.end());
    return members;
  }

 private:
  template <class Function>
  void for_each(NodeIndex holder, Which which, Function&& function) const {
    for (EdgeIndex edge = graph_.edges_begin(holder); edge < graph_.edges_end(holder); ++edge) {
      const NodeIndex target = graph_.target(edge);
      if (!graph_.kind(edge).is_owned() || graph_.flags(target).is_type()) continue;
      const bool is_key = graph_.kind(edge).meaning() == graph::EdgeMeaning::kKey;
      if (which == Which::kAll && !is_key) {
        function(target);
        continue;
      }
      if (origins_.of(graph_.type(target)) != TypeOrigin::kLibrary) function(target);
    }
  }

  const HeapGraph& graph_;
  const TypeOrigins& origins_;
};

}  // namespace

std::vector<Pile> find_piles(const HeapGraph& graph, const DominatorTree& tree,
                             const DominatorOrder& order, const TypeOrigins& origins,
                             PileOptions options) {
  const Members all_members(graph, origins);
  std::vector<Pile> piles;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    const graph::EdgeIndex references = graph.edges_end(node) - graph.edges_begin(node);
    if (references < options.fewest_objects || !tree.is_reachable(node)) continue;
    std::vector<NodeIndex> members = all_members.of(node, Members::Which::kOwn);
    if (members.size() < options.fewest_objects) {
      if (references < options.fewest_of_library) continue;
      members = all_members.of(node, Members::Which::kAll);
      if (members.size() < options.fewest_of_library) continue;
    }
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
