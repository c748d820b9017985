// Who retains how much: nodes, types, sets.
//
// A node retains what would be freed if it went; that is what it dominates. For several nodes at
// once there are two answers:
//
//   a   b     a retains itself, b retains itself. Together they retain c too.
//    \ /
//     c       dominated_by(): what some one of them retains, no byte twice. Microseconds.
//             retained_by(): what would be freed if all went. Exact; searches the heap once.
//
// The first is never more than the second, and both are equal where no node is held by several of
// the set together. Rows by type say the first, since a search for each of thousands of types would
// take hours.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/amount.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// The nodes of greatest retained bytes, at most `limit`, the greatest first; of equal ones the
/// lower number first. O(nodes).
std::vector<NodeIndex> greatest_retainers(const DominatorTree& tree, std::size_t limit);

/// The nodes that are immediately dominated by this one, or by the virtual root, the same way.
/// Precondition: the node is reachable.
std::vector<NodeIndex> greatest_children(const DominatorTree& tree, const DominatorOrder& order,
                                         NodeIndex node, std::size_t limit);

/// What the nodes retain one by one, overlaps counted once: the sum over those that no other of
/// them dominates. Nodes may repeat. O(set).
Amount dominated_by(const DominatorTree& tree, const DominatorOrder& order,
                    std::span<const NodeIndex> set);

/// What would be freed if all of these nodes went. Nodes that no root reaches hold nothing.
/// O(nodes + edges), and a bit a node.
Amount retained_by(const HeapGraph& graph, std::span<const NodeIndex> set,
                   Progress* progress = nullptr);

struct TypeRetained {
  graph::TypeIndex type = 0;
  std::uint64_t instance_count = 0;  ///< of those that roots reach
  std::uint64_t instance_bytes = 0;  ///< their own
  Amount retained;                   ///< dominated_by() all instances
};

/// A row for each type with instances, by falling retained bytes, then by type. One pass.
std::vector<TypeRetained> retained_by_type(const HeapGraph& graph, const DominatorTree& tree,
                                           const DominatorOrder& order);

}  // namespace ouro::analysis
