// The nodes in preorder of the dominator tree: what a node dominates stands right behind it.
//
//   position    0      1   2   3   4   5
//             (root)   a   c   b   d   e        b dominates the count(b) places from its own on
//   count        6     2   1   1   2   1        the virtual root stands first
//
// So "does a dominate b" is two comparisons, the children are found by going from one to the next,
// and sums over sets of nodes are one pass.
//
// Algorithm: the search that found the tree came to each dominator before what it dominates. So
// counts are added up backwards, and forwards a node has its position before those below it get
// theirs. Time: O(nodes). Memory: 12 bytes a node, and 4 more while it is made.
#pragma once

#include <cstdint>
#include <span>

#include "analysis/dominators.hpp"
#include "analysis/flat_array.hpp"

namespace ouro::analysis {

class DominatorOrder {
 public:
  explicit DominatorOrder(const DominatorTree& tree);

  /// The virtual root, then all nodes that roots reach.
  std::span<const NodeIndex> nodes() const { return order_.span().first(count_[virtual_root_]); }
  NodeIndex virtual_root() const { return virtual_root_; }

  // ---- Precondition of the following: the node is reachable, or the virtual root
  std::uint32_t position(NodeIndex node) const { return position_[node]; }
  /// How many nodes it retains, itself included.
  std::uint32_t count(NodeIndex node) const { return count_[node]; }
  bool dominates(NodeIndex above, NodeIndex node) const {
    return position(node) - position(above) < count(above);
  }
  /// Calls function(child) for each node whose immediate dominator is the node.
  template <class Function>
  void for_each_child(NodeIndex node, Function&& function) const {
    const std::uint32_t end = position(node) + count(node);
    for (std::uint32_t at = position(node) + 1; at < end; at += count(order_[at])) {
      function(order_[at]);
    }
  }

 private:
  void add_up_counts(const DominatorTree& tree);
  void make_order(const DominatorTree& tree);

  NodeIndex virtual_root_;
  FlatArray<NodeIndex> order_;
  FlatArray<std::uint32_t> position_;
  FlatArray<std::uint32_t> count_;
};

}  // namespace ouro::analysis
