#include "analysis/dominator_order.hpp"

namespace ouro::analysis {

namespace {

using graph::kNoNode;

/// For places not known yet. No position: there are fewer nodes.
constexpr std::uint32_t kUnknown = 0xFFFFFFFFu;
/// For those that were searched, while the others are counted.
constexpr std::uint32_t kSearched = 0xFFFFFFFEu;

}  // namespace

DominatorOrder::DominatorOrder(const DominatorTree& tree)
    : virtual_root_(tree.virtual_root()),
      order_(virtual_root_ + std::size_t{1}),
      position_(virtual_root_ + std::size_t{1}, kUnknown),
      count_(virtual_root_ + std::size_t{1}, 1) {
  add_up_counts(tree);
  make_order(tree);
}

// What was not searched dominates nothing, and its count of 1 is known at once.
void DominatorOrder::add_up_counts(const DominatorTree& tree) {
  const std::span<const NodeIndex> searched = tree.search_order();
  for (const NodeIndex node : searched) position_[node] = kSearched;
  for (NodeIndex node = 0; node < virtual_root_; ++node) {
    const NodeIndex dominator = tree.immediate_dominator(node);
    if (dominator != kNoNode && position_[node] == kUnknown) ++count_[dominator];
  }
  for (std::size_t at = searched.size(); at-- > 1;) {
    count_[tree.immediate_dominator(searched[at])] += count_[searched[at]];
  }
}

void DominatorOrder::make_order(const DominatorTree& tree) {
  FlatArray<std::uint32_t> next(virtual_root_ + std::size_t{1});  // free position below the node
  const auto place = [&](NodeIndex node, std::uint32_t position) {
    position_[node] = position;
    next[node] = position + 1;
    order_[position] = node;
  };
  place(virtual_root_, 0);
  for (const NodeIndex node : tree.search_order().subspan(1)) {
    std::uint32_t& position = next[tree.immediate_dominator(node)];
    place(node, position);
    position += count_[node];
  }
  for (NodeIndex node = 0; node < virtual_root_; ++node) {
    const NodeIndex dominator = tree.immediate_dominator(node);
    if (dominator == kNoNode || position_[node] != kUnknown) continue;
    const std::uint32_t position = next[dominator]++;
    position_[node] = position;
    order_[position] = node;
  }
}

}  // namespace ouro::analysis
