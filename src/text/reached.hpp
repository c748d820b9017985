// Which nodes some roots of a plain graph reach.
//
// Breadth first, with a bit a node for what was seen and a queue of 4 bytes a node, so a chain of
// any length needs no stack. A queue says which nodes come next, which a stack does not: their
// edges are fetched from memory before they are needed.
//
//   unmark all
//   queue the roots, each marked
//   for each node of the queue:
//     for each target of the node that is unmarked: mark it, queue it
//
// Time: O(nodes + edges). Memory: an eighth byte a node for the answer, while working 4 more.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/progress.hpp"
#include "text/plain_graph.hpp"

namespace ouro::text {

/// A set of nodes: a bit each.
class ReachedNodes {
 public:
  explicit ReachedNodes(std::uint32_t node_count) : words_((std::size_t{node_count} + 63) / 64) {}

  bool contains(NodeIndex node) const { return ((words_[node / 64] >> (node % 64)) & 1) != 0; }
  std::uint32_t count() const { return count_; }
  /// False if it was in already.
  bool insert(NodeIndex node) {
    std::uint64_t& word = words_[node / 64];
    const std::uint64_t bit = std::uint64_t{1} << (node % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    ++count_;
    return true;
  }

 private:
  std::vector<std::uint64_t> words_;
  std::uint32_t count_ = 0;
};

/// The roots themselves are reached. Precondition, here and below: every root is a node.
ReachedNodes reached_from(const PlainGraph& graph, std::span<const NodeIndex> roots,
                          Progress* progress = nullptr);

/// What no root reaches, in input order.
std::vector<NodeIndex> unreachable(const PlainGraph& graph, std::span<const NodeIndex> roots,
                                   Progress* progress = nullptr);

}  // namespace ouro::text
