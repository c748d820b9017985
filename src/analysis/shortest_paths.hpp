// Why is it alive: shortest paths from what holds the heap from outside to any node.
//
// Breadth-first search from all roots at once over owned edges, since weak ones keep nothing alive.
// It leaves a forest: of each node the edge by which it was found first and its distance. Where
// several edges lead back one step, that of the node found first wins, so of roots listed earlier.
//
//   reached       [   1    |  1   |  1   |  0   ]    a bit each, which the search looks at
//   parent edge   [ root 0 |  e0  |  e3  |  -   ]    of a start (distance 0): its place in the list
//   distance      [   0    |  1   |  2   |  -   ]
//
// Time: O(nodes + edges) for the forest, then O(length * log nodes) a path: a query makes no pass
// over the heap. Memory: 5 bytes and a bit a node, 4 more for each that is 255 steps away or more;
// while searching 4 for each of two distances that refers to something. Constant afterwards, so
// thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/flat_array.hpp"
#include "analysis/node_set.hpp"
#include "analysis/reverse_edges.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

inline constexpr std::uint32_t kNotReached = 0xFFFFFFFFu;

/// start -> ... -> the node asked for. Simple: no node stands in it twice.
struct Path {
  std::uint32_t start_index = 0;  ///< place in graph.roots(), or in the start nodes given
  graph::NodeIndex start = graph::kNoNode;
  std::vector<graph::EdgeIndex> edges;  ///< each begins where the one before ends

  friend bool operator==(const Path&, const Path&) = default;
};

/// The nodes on the path, from start to end.
std::vector<graph::NodeIndex> nodes_on(const graph::HeapGraph& graph, const Path& path);

class ShortestPaths {
 public:
  static ShortestPaths from_roots(const graph::HeapGraph& graph, Progress* progress = nullptr);
  /// For graphs without roots. A start node may repeat.
  static ShortestPaths from_nodes(const graph::HeapGraph& graph,
                                  std::span<const graph::NodeIndex> starts,
                                  Progress* progress = nullptr);

  bool is_reached(graph::NodeIndex node) const { return reached_.contains(node); }
  /// In edges; kNotReached.
  std::uint32_t distance(graph::NodeIndex node) const {
    if (!is_reached(node)) return kNotReached;
    return near_[node] < kFar ? near_[node] : far_[node];
  }
  bool is_start(graph::NodeIndex node) const { return distance(node) == 0; }
  /// Precondition: reached and not a start.
  graph::EdgeIndex parent_edge(graph::NodeIndex node) const { return parents_[node]; }
  /// kNoNode of a start and of a node not reached. O(log nodes).
  graph::NodeIndex parent(graph::NodeIndex node) const;

  /// The nodes it began with, as listed: the start index of a path is a place here.
  std::span<const graph::NodeIndex> starts() const { return starts_; }
  /// The places of a node in starts(), in rising order. O(log starts).
  std::span<const std::uint32_t> start_indexes(graph::NodeIndex node) const;

  /// One of the shortest, or nothing where the node is not reached.
  std::optional<Path> path_to(graph::NodeIndex node) const;

  const graph::HeapGraph& graph() const { return graph_; }

 private:
  ShortestPaths(const graph::HeapGraph& graph, std::vector<graph::NodeIndex> starts,
                Progress* progress);

  /// Distances from here on do not fit a byte, and most do not come near it.
  static constexpr std::uint8_t kFar = 0xFF;
  void set_distance(graph::NodeIndex node, std::uint32_t distance);

  graph::HeapGraph graph_;  ///< a copy: it shares the memory
  std::vector<graph::NodeIndex> starts_;
  std::vector<std::uint32_t> start_indexes_;  ///< places in starts_, sorted by node
  NodeSet reached_;
  FlatArray<std::uint32_t> parents_;  ///< an edge or a start index; of what is reached alone
  FlatArray<std::uint8_t> near_;      ///< distance, or kFar
  FlatArray<std::uint32_t> far_;      ///< distances from kFar on; empty where there are none
};

}  // namespace ouro::analysis
