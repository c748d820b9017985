// The dominator tree of a heap, and what each object retains.
//
// A dominator of an object is on every path from the roots to it; the immediate dominator is the
// nearest one. An object retains what it dominates: just that is freed if the object goes.
//
//        roots                (virtual root)          References that are not weak keep alive. The
//        /   \                 /    |     \           virtual root stands above all roots.
//       a     b               a     b      d
//      / \   /                |            |          What no root reaches has no dominator, and
//     c    d                  c            e          retains nothing here.
//          |
//          e
//
// Algorithm: semi-NCA (Georgiadis, Tarjan, Werneck: Finding Dominators in Practice, 2006), in the
// space of depth-first numbers, with the leaves left out: 62 % of the objects of a CPython heap
// refer to nothing, and the dominator of a leaf is the nearest common ancestor of its referrers.
// dominators.cpp says how.
//
// Time: O(m log n). Memory: 4 bytes a node for the tree, and 16 for each that refers to something.
// While it is made, for each of these 4 bytes more (up to 12 in a deep search or beside long
// chains), and the reverse edges where they are not given.
#pragma once

#include <cstdint>
#include <span>

#include "analysis/flat_array.hpp"
#include "analysis/reverse_edges.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

using graph::HeapGraph;
using graph::NodeIndex;

//   numbers:   nodes that refer to something, as a depth-first search meets them, from 1; 0 is the
//              virtual root. A dominator has a lower number than what it dominates.
//   leaves:    what a node without references retains is itself. It has its dominator's number.
class DominatorTree {
 public:
  /// What dominators() finds.
  struct Columns {
    FlatArray<std::uint32_t> number_by_node;  ///< kNoNumber: no root reaches it
    FlatArray<NodeIndex> node_by_number;
    FlatArray<std::uint32_t> dominator_by_number;
    FlatArray<std::uint64_t> retained_by_number;
    std::size_t numbered_count = 1;  ///< with the virtual root; the arrays may be longer
  };
  static constexpr std::uint32_t kNoNumber = 0xFFFFFFFFu;

  /// The tree of a graph without nodes.
  DominatorTree()
      : columns_{.number_by_node = {},
                 .node_by_number = FlatArray<NodeIndex>(1, 0),
                 .dominator_by_number = FlatArray<std::uint32_t>(1, 0),
                 .retained_by_number = FlatArray<std::uint64_t>(1, 0)} {}
  DominatorTree(const HeapGraph& graph, Columns columns)
      : graph_(graph), columns_(std::move(columns)) {}

  std::uint32_t node_count() const { return graph_.node_count(); }
  /// The number behind that of the last node.
  NodeIndex virtual_root() const { return node_count(); }
  /// virtual_root() for what no single node holds; kNoNode for what no root reaches.
  NodeIndex immediate_dominator(NodeIndex node) const {
    const std::uint32_t number = columns_.number_by_node[node];
    if (number == kNoNumber) return graph::kNoNode;
    return columns_.node_by_number[is_leaf(node) ? number : columns_.dominator_by_number[number]];
  }
  bool is_reachable(NodeIndex node) const { return columns_.number_by_node[node] != kNoNumber; }
  /// The bytes of the node and of all it dominates; 0 for what no root reaches. Of the virtual
  /// root: of all that roots reach.
  std::uint64_t retained_bytes(NodeIndex node) const {
    if (node == virtual_root()) return columns_.retained_by_number[0];
    const std::uint32_t number = columns_.number_by_node[node];
    if (number == kNoNumber) return 0;
    return is_leaf(node) ? graph_.size_bytes(node) : columns_.retained_by_number[number];
  }

  /// The virtual root and the nodes that dominate others, and maybe more, each behind its
  /// dominator.
  std::span<const NodeIndex> search_order() const {
    return columns_.node_by_number.span().first(columns_.numbered_count);
  }

 private:
  bool is_leaf(NodeIndex node) const { return graph_.edges_begin(node) == graph_.edges_end(node); }

  HeapGraph graph_;  ///< a copy: it shares the memory
  Columns columns_;
};

/// From all roots of the graph. Needs Part::kNodes and Part::kEdges.
DominatorTree dominators(const HeapGraph& graph, Progress* progress = nullptr);

/// The same, where the reverse edges are there: of the same graph, EdgeFilter::kOwned.
DominatorTree dominators(const HeapGraph& graph, const ReverseEdges& reverse,
                         Progress* progress = nullptr);

/// From these nodes, instead. Precondition: they are nodes of the graph.
DominatorTree dominators_from(const HeapGraph& graph, std::span<const NodeIndex> starts,
                              Progress* progress = nullptr);

}  // namespace ouro::analysis
