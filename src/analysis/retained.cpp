#include "analysis/retained.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace ouro::analysis {

namespace {

/// Keeps the greatest `limit` of what it is shown, by retained bytes.
class Greatest {
 public:
  Greatest(const DominatorTree& tree, std::size_t limit) : tree_(tree), limit_(limit) {}

  void show(NodeIndex node) {
    if (limit_ == 0) return;
    if (heap_.size() == limit_) {
      if (!is_before(node, heap_.front())) return;
      std::ranges::pop_heap(heap_, before_);
      heap_.pop_back();
    }
    heap_.push_back(node);
    std::ranges::push_heap(heap_, before_);
  }
  std::vector<NodeIndex> take() && {
    std::ranges::sort(heap_, before_);
    return std::move(heap_);
  }

 private:
  bool is_before(NodeIndex left, NodeIndex right) const {
    const std::uint64_t left_bytes = tree_.retained_bytes(left);
    const std::uint64_t right_bytes = tree_.retained_bytes(right);
    return left_bytes != right_bytes ? left_bytes > right_bytes : left < right;
  }
  const DominatorTree& tree_;
  std::size_t limit_;
  std::function<bool(NodeIndex, NodeIndex)> before_ = [this](NodeIndex left, NodeIndex right) {
    return is_before(left, right);
  };
  std::vector<NodeIndex> heap_;  // the least of them in front
};

/// What the roots reach without the nodes removed.
Amount reached_without(const HeapGraph& graph, std::span<const NodeIndex> removed) {
  std::vector<bool> is_seen(graph.node_count(), false);
  for (const NodeIndex node : removed) is_seen[node] = true;
  std::vector<NodeIndex> todo;
  Amount reached;
  const auto see = [&](NodeIndex node) {
    if (is_seen[node]) return;
    is_seen[node] = true;
    reached.add(graph.size_bytes(node));
    todo.push_back(node);
  };
  for (const graph::Root& root : graph.roots()) see(root.node);
  while (!todo.empty()) {
    const NodeIndex node = todo.back();
    todo.pop_back();
    const graph::EdgeIndex end = graph.edges_end(node);
    for (graph::EdgeIndex edge = graph.edges_begin(node); edge < end; ++edge) {
      if (graph.kind(edge).is_owned()) see(graph.target(edge));
    }
  }
  return reached;
}

}  // namespace

std::vector<NodeIndex> greatest_retainers(const DominatorTree& tree, std::size_t limit) {
  Greatest greatest(tree, limit);
  for (NodeIndex node = 0; node < tree.node_count(); ++node) {
    if (tree.is_reachable(node)) greatest.show(node);
  }
  return std::move(greatest).take();
}

std::vector<NodeIndex> greatest_children(const DominatorTree& tree, const DominatorOrder& order,
                                         NodeIndex node, std::size_t limit) {
  Greatest greatest(tree, limit);
  order.for_each_child(node, [&](NodeIndex child) { greatest.show(child); });
  return std::move(greatest).take();
}

Amount dominated_by(const DominatorTree& tree, const DominatorOrder& order,
                    std::span<const NodeIndex> set) {
  std::vector<std::uint32_t> positions;
  for (const NodeIndex node : set) {
    if (tree.is_reachable(node)) positions.push_back(order.position(node));
  }
  std::ranges::sort(positions);
  Amount sum;
  std::uint32_t end = 0;  // of what the last one added dominates
  for (const std::uint32_t position : positions) {
    if (position < end) continue;
    const NodeIndex node = order.nodes()[position];
    sum += {order.count(node), tree.retained_bytes(node)};
    end = position + order.count(node);
  }
  return sum;
}

Amount retained_by(const HeapGraph& graph, std::span<const NodeIndex> set, Progress* progress) {
  if (progress != nullptr) progress->begin("retained size of a set", 2);
  const Amount all = reached_without(graph, {});
  if (progress != nullptr) progress->advance(1);
  const Amount rest = reached_without(graph, set);
  return all - rest;
}

std::vector<TypeRetained> retained_by_type(const HeapGraph& graph, const DominatorTree& tree,
                                           const DominatorOrder& order) {
  struct Row {
    TypeRetained sums;
    std::uint32_t end = 0;  // of what the last instance added dominates
  };
  std::vector<Row> rows(graph.type_count() + std::size_t{1});
  const std::span<const NodeIndex> nodes = order.nodes();
  for (std::uint32_t position = 1; position < nodes.size(); ++position) {
    const NodeIndex node = nodes[position];
    const graph::TypeIndex type = graph.type(node);
    Row& row = rows[type];
    row.sums.type = type;
    ++row.sums.instance_count;
    row.sums.instance_bytes += graph.size_bytes(node);
    if (position < row.end) continue;
    row.end = position + order.count(node);
    row.sums.retained += {order.count(node), tree.retained_bytes(node)};
  }
  std::vector<TypeRetained> result;
  for (const Row& row : rows) {
    if (row.sums.instance_count != 0) result.push_back(row.sums);
  }
  std::ranges::sort(result, [](const TypeRetained& left, const TypeRetained& right) {
    if (left.retained.bytes != right.retained.bytes) {
      return left.retained.bytes > right.retained.bytes;
    }
    return left.type < right.type;
  });
  return result;
}

}  // namespace ouro::analysis
