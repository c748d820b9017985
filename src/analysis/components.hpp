// Strongly connected components: the sets of nodes each of which reaches each other one. A cycle
// lies in one component, so those of more than one node, and nodes that refer to themselves, are
// where all cycles are. They are numbered; all other nodes are trivial and have no number.
//
// Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972) in Pearce's form (A
// space-efficient algorithm for finding strongly connected components, 2016): one number a node,
// which is first its index in the search, then the smallest index it is known to reach, and in the
// end that of its component. Iterative. Nodes without outgoing edges, most of a heap, are told
// apart before the search, so it never steps onto them.
//
// Time: O(nodes + edges). Memory: 4 bytes a node at most, of pages that the search never stepped on
// nothing; while searching also 2 bits, 12 bytes for each node on the way and 4 for each that waits
// for its component. Thread-safe afterwards: constant.
//
// Invariant: components are numbered in reverse topological order: an edge from one component to
// another goes to the lower number.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/edge_filter.hpp"
#include "analysis/flat_array.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

using ComponentIndex = std::uint32_t;
/// Of a trivial node: it lies on no cycle.
inline constexpr ComponentIndex kNoComponent = 0xFFFFFFFFu;

class Components {
 public:
  explicit Components(const graph::HeapGraph& graph, EdgeFilter filter = EdgeFilter::kOwned,
                      Progress* progress = nullptr);

  EdgeFilter filter() const { return filter_; }
  /// Of nontrivial components.
  std::uint32_t count() const { return static_cast<std::uint32_t>(sizes_.size()); }
  /// kNoComponent where the node lies on no cycle.
  ComponentIndex of(graph::NodeIndex node) const {
    const std::uint32_t number = numbers_[node];
    return number == 0 ? kNoComponent : kFirstNumber - number;
  }
  bool is_on_cycle(graph::NodeIndex node) const { return numbers_[node] != 0; }
  /// How many nodes it has. 1: a node that refers to itself.
  std::uint32_t size(ComponentIndex component) const { return sizes_[component]; }

 private:
  /// Of the component found first; that found next has one less.
  static constexpr std::uint32_t kFirstNumber = 0xFFFFFFFFu;
  class Search;

  EdgeFilter filter_;
  FlatArray<std::uint32_t> numbers_;  ///< by node, as the search leaves them
  std::vector<std::uint32_t> sizes_;
};

}  // namespace ouro::analysis
