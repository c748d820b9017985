// A breadth-first search that ends as soon as enough of what it is for has been found: the nodes
// asked for are mostly near, and a heap is large.
//
//   distance 0       1          2
//   start ------> a ------> [wanted]     ends when distance 2 is complete: who asks for the nearest
//         \-----> b ------> c            few gets all that are as near
//
// Time: O(nodes and references up to there). Memory: 12 bytes for each node reached; of what is not
// reached no page is touched.
#pragma once

#include <cstdint>
#include <memory>

#include "analysis/edge_filter.hpp"
#include "analysis/flat_array.hpp"
#include "analysis/folded_references.hpp"
#include "analysis/node_set.hpp"
#include "analysis/progress_step.hpp"
#include "analysis/shortest_paths.hpp"

namespace ouro::analysis {

class NearestFirst {
 public:
  /// `around` is reached, but not followed; kNoNode: there is no such node.
  NearestFirst(const FoldedReferences& references, const EdgeSelection& owned,
               graph::NodeIndex around);

  /// `start_index` is for Path; the first counts where a node is a start several times.
  void add_start(graph::NodeIndex node, std::uint32_t start_index);
  /// Once. Until `enough` of the wanted nodes are reached, and all others that are as near.
  void search(const NodeSet& wanted, std::size_t enough, Progress* progress);

  bool is_reached(graph::NodeIndex node) const { return found_[node].steps != 0; }
  /// In edges. Precondition: reached.
  std::uint32_t distance(graph::NodeIndex node) const { return found_[node].steps - 1; }
  /// One of the shortest. Precondition: reached.
  Path path_to(graph::NodeIndex node) const;

 private:
  struct Found {
    std::uint32_t parent;  ///< an edge; of a start its index
    std::uint32_t steps;   ///< distance + 1; 0: not reached
  };

  void reach(graph::NodeIndex node, std::uint32_t parent, std::uint32_t steps) {
    if (found_[node].steps != 0) return;
    found_[node] = {parent, steps};
    queue_[end_++] = node;
  }

  const FoldedReferences& references_;
  const EdgeSelection& owned_;
  graph::NodeIndex around_;
  FlatArray<Found> found_;
  FlatArray<graph::NodeIndex> queue_;
  std::size_t end_ = 0;
};

}  // namespace ouro::analysis
