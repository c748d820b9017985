// Collects a plain graph edge by edge and sorts the edges by source at the end.
//
// A counting sort: it is stable, so the edges of one source keep their input order, and takes a
// pass to count and one to place. Memory while building: 8 bytes an edge and the names; at the end
// 4 more an edge and 4 a node, and then the 8 are given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/progress.hpp"
#include "text/plain_graph.hpp"

namespace ouro::text {

class PlainGraphBuilder {
 public:
  NodeNames& names() { return names_; }
  const NodeNames& names() const { return names_; }

  /// Precondition: both are nodes of names(); edge_count() < kMostEdges.
  void add_edge(NodeIndex from, NodeIndex to) {
    if (edge_count_ == edges_.size()) [[unlikely]]
      reserve_more();
    edges_[edge_count_++] = {from, to};
  }
  std::uint64_t edge_count() const { return edge_count_; }

  /// Several edges from one node to another count as one.
  void merge_parallel_edges() { merges_parallel_edges_ = true; }

  PlainGraph build(Progress* progress = nullptr) &&;

 private:
  struct Edge {
    NodeIndex from;
    NodeIndex to;
  };

  void reserve_more();
  PageArray<EdgeIndex> count_edges_before_each_node() const;
  void place_targets(PlainGraph& graph, Progress* progress);

  NodeNames names_;
  PageArray<Edge> edges_;
  std::size_t edge_count_ = 0;
  bool merges_parallel_edges_ = false;
};

}  // namespace ouro::text
