// W6: binary trees. A tree of depth d has 2^(d + 1) - 1 nodes; it is built from its leaves and
// dropped at its root.
//
// Cost measured: nanoseconds per node, building and dropping together, the collector on as a
// program finds it.
#pragma once

#include <string>
#include <utility>

#include "measure.hpp"
#include "peer.hpp"

namespace bench {

inline peer::Ref<peer::Node> build_tree(std::size_t depth) {
  auto node = peer::make<peer::Node>();
  if (depth > 0) {
    node->left = build_tree(depth - 1);
    node->right = build_tree(depth - 1);
  }
  return node;
}

inline std::size_t count_nodes(const peer::Ref<peer::Node>& node) {
  return node ? 1 + count_nodes(node->left) + count_nodes(node->right) : 0;
}

inline void run_trees(const Parameters& parameters) {
  const std::size_t depth = parameters.number("depth", 16);
  const std::size_t repeats = parameters.number("repeats", 5);
  const std::size_t node_count = (std::size_t{2} << depth) - 1;
  // Small trees are built several times, so that each value stands for at least two million nodes.
  const std::size_t trees = depth < 20 ? std::size_t{1} << (20 - depth) : 1;

  require(count_nodes(build_tree(depth)) == node_count, "a tree lacks nodes");
  const auto values = time_each(repeats, trees * node_count, [&] {
    for (std::size_t i = 0; i < trees; ++i) {
      auto tree = build_tree(depth);
      escape(tree);
      peer::free_now(tree);
    }
  });
  report(("depth " + std::to_string(depth)).c_str(), "ns/node", values);
}

}  // namespace bench
