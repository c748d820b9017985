#include "analysis/leaves.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::NodeIndex;

namespace {

/// Of 64 nodes. Bytes first, as the compiler then compares many at once, and eight bytes of 0 or 1
/// become eight bits by a product: byte k is moved to bit 56 + k.
std::uint64_t leaves_among(const EdgeIndex* begins) {
  std::array<std::uint8_t, NodeSet::kNodesOfAWord> is_leaf;
  for (std::size_t at = 0; at < is_leaf.size(); ++at) {
    is_leaf[at] = begins[at] == begins[at + 1] ? 1 : 0;
  }
  std::uint64_t word = 0;
  for (std::size_t at = 0; at < is_leaf.size(); at += 8) {
    std::uint64_t bytes = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) {
      bytes |= std::uint64_t{is_leaf[at + byte]} << (8 * byte);
    }
    word |= (bytes * 0x0102040810204080u >> 56) << at;
  }
  return word;
}

}  // namespace

NodeSet leaves_of(const graph::HeapGraph& graph) {
  const std::span<const EdgeIndex> begins = graph.edge_begins();
  const NodeIndex node_count = graph.node_count();
  const NodeIndex last_word = node_count / NodeSet::kNodesOfAWord * NodeSet::kNodesOfAWord;
  NodeSet leaves(node_count);
  for (NodeIndex node = 0; node < last_word; node += NodeSet::kNodesOfAWord) {
    leaves.set_word(node, leaves_among(&begins[node]));
  }
  for (NodeIndex node = last_word; node < node_count; ++node) {
    if (begins[node] == begins[node + 1]) leaves.insert(node);
  }
  return leaves;
}

}  // namespace ouro::analysis
