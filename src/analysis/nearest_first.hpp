// A breadth-first search that ends as soon as enough of what it is for has been found: the nodes
// asked for are mostly near, and a heap is large.
//
//   distance 0       1          2
//   start ------> a ------> [wanted]     ends when distance 2 is complete: who asks for the nearest
//         \-----> b ------> c            few gets all that are as near
//
//   queue    [ start | a  b | wanted  c ]      of each its reference and the place of its source
//   levels     0       1      3
//
// Time: O(nodes and references up to there). Memory: a bit a node, and 8 bytes for each node
// reached that refers to something: where a path ends elsewhere, nobody asks for it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "analysis/edge_filter.hpp"
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
  /// Precondition: those wanted refer to something.
  void search(const NodeSet& wanted, std::size_t enough, Progress* progress);

  bool is_reached(graph::NodeIndex node) const { return reached_.contains(node); }
  // ---- Precondition of both: the node is a start, or was wanted and reached
  /// In edges.
  std::uint32_t distance(graph::NodeIndex node) const;
  /// One of the shortest.
  Path path_to(graph::NodeIndex node) const;

 private:
  /// In the queue.
  using Place = std::uint32_t;

  struct Start {
    graph::NodeIndex node;
    std::uint32_t index;
  };
  struct Found {
    graph::EdgeIndex edge;
    Place source;
  };
  /// Grows without a move: a vector would take twice the memory for a while.
  class Queue {
   public:
    Place size() const { return size_; }
    const Found& operator[](Place place) const { return blocks_[place / kBlock][place % kBlock]; }
    void push_back(Found found) {
      if (size_ % kBlock == 0) blocks_.push_back(std::make_unique_for_overwrite<Found[]>(kBlock));
      blocks_.back()[size_++ % kBlock] = found;
    }

   private:
    static constexpr Place kBlock = 1u << 16;
    std::vector<std::unique_ptr<Found[]>> blocks_;
    Place size_ = 0;
  };

  /// Starts stand before what is in the queue.
  Place end() const { return static_cast<Place>(starts_.size()) + queue_.size(); }
  graph::NodeIndex node_at(Place place) const;
  Place place_of(graph::NodeIndex node) const;
  void reach_from(graph::NodeIndex node, Place place);

  const FoldedReferences& references_;
  const EdgeSelection& owned_;
  graph::NodeIndex around_;
  NodeSet reached_;
  std::vector<Start> starts_;
  Queue queue_;
  std::vector<Place> level_begins_;
  std::vector<std::pair<graph::NodeIndex, Place>> wanted_places_;  ///< by node, once all are found
};

}  // namespace ouro::analysis
