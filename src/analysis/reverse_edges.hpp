// Who refers to a node: all edges by target instead of by source.
//
//   begins    [ 0 | 2 | 2 | 3 ... ]       node_count + 1
//               |       |
//   sources   [ 4  7 |  1  ... ]          an edge each; of one target in rising order
//
// Counting sort by target: one pass counts, one puts each source into its place. A source with two
// references to the same target stands there twice. Time: O(nodes + edges), two visits of the
// targets' places; memory: 4 bytes a node and 4 an edge. Constant after it was made, so
// thread-safe.
#pragma once

#include <span>
#include <vector>

#include "analysis/edge_filter.hpp"
#include "analysis/flat_array.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

class ReverseEdges {
 public:
  /// Of the edges the filter lets pass. Needs Part::kEdges of the graph, as all analyses do.
  explicit ReverseEdges(const graph::HeapGraph& graph, EdgeFilter filter = EdgeFilter::kOwned,
                        Progress* progress = nullptr);

  EdgeFilter filter() const { return filter_; }
  std::span<const graph::EdgeIndex> begins() const {
    return begins_.span().first(begins_.size() - 1);
  }
  /// With repetitions, in rising order.
  std::span<const graph::NodeIndex> sources(graph::NodeIndex target) const {
    return {sources_.data() + begins_[target], sources_.data() + begins_[target + 1]};
  }
  std::uint32_t in_degree(graph::NodeIndex target) const {
    return begins_[target + 1] - begins_[target];
  }

 private:
  EdgeFilter filter_;
  FlatArray<graph::EdgeIndex> begins_;  ///< and one more, from when they were made
  FlatArray<graph::NodeIndex> sources_;
};

/// The edges from source to target that the filter lets pass. O(edges of the source).
std::vector<graph::EdgeIndex> edges_between(const graph::HeapGraph& graph, graph::NodeIndex source,
                                            graph::NodeIndex target,
                                            EdgeFilter filter = EdgeFilter::kOwned);

}  // namespace ouro::analysis
