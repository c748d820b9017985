#include "analysis/dominator_order.hpp"

namespace ouro::analysis {

DominatorOrder::DominatorOrder(const DominatorTree& tree)
    : virtual_root_(tree.virtual_root()),
      order_(virtual_root_ + std::size_t{1}),
      position_(virtual_root_ + std::size_t{1}),
      count_(virtual_root_ + std::size_t{1}, 1) {
  make_order(tree);
}

// The nodes by their dominator (count, add up, scatter), then a walk that takes the children of a
// node from there. The sums go backwards: what a node dominates stands behind it.
void DominatorOrder::make_order(const DominatorTree& tree) {
  const std::uint32_t node_count = tree.node_count();
  FlatArray<std::uint32_t> begins(node_count + std::size_t{2}, 0);
  for (const NodeIndex dominator : tree.dominator_by_node()) {
    if (dominator != graph::kNoNode) ++begins[dominator + 1];
  }
  for (NodeIndex node = 0; node <= node_count; ++node) begins[node + 1] += begins[node];
  FlatArray<NodeIndex> children(begins[node_count + 1]);
  // Each begin moves to its end, which is the next one's begin.
  for (NodeIndex node = 0; node < node_count; ++node) {
    const NodeIndex dominator = tree.immediate_dominator(node);
    if (dominator != graph::kNoNode) children[begins[dominator]++] = node;
  }

  FlatArray<NodeIndex> stack(children.size() + 1);
  std::size_t depth = 0;
  std::uint32_t reached = 0;
  stack[depth++] = virtual_root_;
  while (depth > 0) {
    const NodeIndex node = stack[--depth];
    position_[node] = reached;
    order_[reached++] = node;
    const std::uint32_t first = node == 0 ? 0 : begins[node - 1];
    for (std::uint32_t at = begins[node]; at > first; --at) stack[depth++] = children[at - 1];
  }
  for (std::uint32_t at = reached; at-- > 1;) {
    count_[tree.immediate_dominator(order_[at])] += count_[order_[at]];
  }
}

}  // namespace ouro::analysis
