// The live graph that W1 holds beside its frames and that W2 collects: n nodes with two references
// each.
//
//   sequential   node i -> i + 1, i + 2            links go to the next addresses
//   random       p(i)   -> p(i + 1), p(2 i + 1)    p shuffles the nodes: links go to random
//   addresses, and the graph is
//                                                  wide (a breadth-first walk doubles), as graphs
//                                                  of programs are
//
// All indexes modulo n, so every node is reachable from node p(0), which is the root.
#pragma once

#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "peer.hpp"

namespace bench {

// xorshift64*: the same shuffle in every C++ peer.
class Random {
 public:
  std::size_t below(std::size_t bound) {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return static_cast<std::size_t>((state_ * 0x2545F4914F6CDD1DULL) >> 16U) % bound;
  }

 private:
  std::uint64_t state_ = 88172645463325252ULL;
};

inline std::vector<std::size_t> shuffled(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random;
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

// The nodes in the order of their allocation; the root of the graph is nodes[0].
inline peer::List<peer::Ref<peer::Node>> build_graph(std::size_t count, std::string_view order) {
  peer::List<peer::Ref<peer::Node>> nodes;
  nodes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) nodes.push_back(peer::make<peer::Node>());
  if (order == "random") {
    const std::vector<std::size_t> at = shuffled(count);
    for (std::size_t i = 0; i < count; ++i) {
      nodes[at[i]]->left = nodes[at[(i + 1) % count]];
      nodes[at[i]]->right = nodes[at[(2 * i + 1) % count]];
    }
    std::swap(nodes[0], nodes[at[0]]);
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      nodes[i]->left = nodes[(i + 1) % count];
      nodes[i]->right = nodes[(i + 2) % count];
    }
  }
  return nodes;
}

}  // namespace bench
