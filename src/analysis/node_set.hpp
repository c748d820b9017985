// A set of nodes of one graph, a bit each.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "graph/indexes.hpp"

namespace ouro::analysis {

class NodeSet {
 public:
  NodeSet() = default;
  explicit NodeSet(std::uint32_t node_count)
      : node_count_(node_count), words_((std::uint64_t{node_count} + 63) / 64) {}

  /// The nodes it may hold: of the graph, not of the set.
  std::uint32_t node_count() const { return node_count_; }

  bool contains(graph::NodeIndex node) const { return (words_[node >> 6] >> (node & 63) & 1) != 0; }
  /// Whether it was not there yet.
  bool insert(graph::NodeIndex node) {
    std::uint64_t& word = words_[node >> 6];
    const std::uint64_t bit = std::uint64_t{1} << (node & 63);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }

  static constexpr std::uint32_t kNodesOfAWord = 64;
  /// Of 64 nodes at once. Precondition: `first` is the first of a word, a bit is a node's.
  std::uint64_t word(graph::NodeIndex first) const { return words_[first >> 6]; }
  void set_word(graph::NodeIndex first, std::uint64_t bits) { words_[first >> 6] = bits; }

  void erase(graph::NodeIndex node) { words_[node >> 6] &= ~(std::uint64_t{1} << (node & 63)); }

  /// How many nodes it holds. O(nodes / 64).
  std::uint32_t size() const {
    std::uint32_t size = 0;
    for (const std::uint64_t word : words_) size += static_cast<std::uint32_t>(std::popcount(word));
    return size;
  }

 private:
  std::uint32_t node_count_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace ouro::analysis
