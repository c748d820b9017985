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
// Time: O(m log n). Memory: 12 bytes a node for the tree, and 4 for each that refers to something.
// While it is made, for each node that refers to something 8 bytes more (16 to 20 in a deep search
// or beside long chains), and the reverse edges where they are not given.
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

class DominatorTree {
 public:
  /// The tree of a graph without nodes.
  DominatorTree()
      : DominatorTree({}, FlatArray<std::uint64_t>(1, 0), FlatArray<NodeIndex>(1, 0), 1) {}
  /// What dominators() makes: `retained_bytes` has a place more, for the virtual root.
  DominatorTree(FlatArray<NodeIndex> dominator_by_node, FlatArray<std::uint64_t> retained_bytes,
                FlatArray<NodeIndex> search_order, std::size_t searched_count)
      : dominator_by_node_(std::move(dominator_by_node)),
        retained_bytes_(std::move(retained_bytes)),
        search_order_(std::move(search_order)),
        searched_count_(searched_count) {}

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(dominator_by_node_.size()); }
  /// The number behind that of the last node.
  NodeIndex virtual_root() const { return node_count(); }
  /// virtual_root() for what no single node holds; kNoNode for what no root reaches.
  NodeIndex immediate_dominator(NodeIndex node) const { return dominator_by_node_[node]; }
  bool is_reachable(NodeIndex node) const { return dominator_by_node_[node] != graph::kNoNode; }
  /// The bytes of the node and of all it dominates; 0 for what no root reaches. Of the virtual
  /// root: of all that roots reach.
  std::uint64_t retained_bytes(NodeIndex node) const { return retained_bytes_[node]; }

  std::span<const NodeIndex> dominator_by_node() const { return dominator_by_node_.span(); }
  /// The virtual root and the nodes that dominate others, and maybe more, each behind its
  /// dominator.
  std::span<const NodeIndex> search_order() const {
    return search_order_.span().first(searched_count_);
  }

 private:
  FlatArray<NodeIndex> dominator_by_node_;
  FlatArray<std::uint64_t> retained_bytes_;
  FlatArray<NodeIndex> search_order_;
  std::size_t searched_count_;
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
