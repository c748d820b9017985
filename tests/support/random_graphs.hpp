// What the tests of graph algorithms run through: many small random graphs of all densities.
#pragma once

#include <gtest/gtest.h>

#include "support/graph_text.hpp"
#include "support/random.hpp"

namespace ouro::test {

/// Calls check(graph, random) for `count` seeded graphs of 0 to 30 nodes, one in 50 of 60 to 200,
/// sparse and dense, with and without roots, weak and not traversed edges and untracked nodes.
/// Stops at the first failure, which prints seed and graph.
template <class Check>
void for_random_graphs(std::uint64_t count, Check check) {
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    Random random(seed);
    RandomGraphOptions options;
    options.node_count = seed % 50 == 49 ? 60 + random.below(141) : random.below(31);
    options.edge_count = random.below(options.node_count * (1 + random.below(4)) + 1);
    options.root_count = random.below(4);
    options.type_count = 1 + random.below(4);
    options.weak_one_in = random.below(2) * 4;
    options.not_traversed_one_in = random.below(2) * 6;
    options.untracked_one_in = random.below(2) * 4;
    const graph::HeapGraph graph = random_graph(random, options);
    SCOPED_TRACE(testing::Message() << "seed " << seed << ": " << to_text(graph));
    check(graph, random);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace ouro::test
