// W2: a full collection that finds nothing, over a live graph of n nodes (live_graph.hpp draws it).
//
//   held all    every node is also held from outside the managed heap
//   held root   only the root is: the collector must walk the graph to know that it lives
//
// Cost measured: nanoseconds of one full collection per object of the graph.
#pragma once

#include <utility>

#include "live_graph.hpp"
#include "measure.hpp"
#include "peer.hpp"

namespace bench {

inline void run_live_graph(const Parameters& parameters) {
  const std::size_t count = parameters.number("n", 1'000'000);
  const std::size_t repeats = parameters.number("repeats", 3);
  const auto collect_nothing = [] { require(peer::collect() == 0, "live nodes were collected"); };

  auto nodes = build_graph(count, parameters.text("order", "sequential"));
  peer::collect();
  report("held all", "ns/object", time_each(repeats, count, collect_nothing));

  const peer::Ref<peer::Node> root = nodes[0];
  nodes = {};
  peer::collect();
  report("held root", "ns/object", time_each(repeats, count, collect_nothing));
  require(root->left && root->right, "the root lost its graph");
}

}  // namespace bench
