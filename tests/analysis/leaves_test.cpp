#include "analysis/leaves.hpp"

#include <gtest/gtest.h>

#include "graph/graph_builder.hpp"
#include "support/random.hpp"

namespace ouro::analysis {
namespace {

using graph::NodeIndex;

TEST(Leaves, AreTheNodesWithoutReferences) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    test::Random random(seed);
    graph::GraphBuilder builder;
    const auto node_count = static_cast<NodeIndex>(random.below(200));
    for (NodeIndex node = 0; node < node_count; ++node) builder.add_node({});
    for (NodeIndex node = 0; node < node_count; ++node) {
      if (random.once_in(2))
        builder.add_edge(node, static_cast<NodeIndex>(random.below(node_count)));
    }
    const graph::HeapGraph graph = std::move(builder).build();
    const NodeSet leaves = leaves_of(graph);
    NodeIndex leaf_count = 0;
    for (NodeIndex node = 0; node < node_count; ++node) {
      const bool is_leaf = graph.edges_begin(node) == graph.edges_end(node);
      leaf_count += is_leaf ? 1u : 0u;
      ASSERT_EQ(leaves.contains(node), is_leaf) << "seed " << seed << ", node " << node;
    }
    ASSERT_EQ(leaves.size(), leaf_count) << "no bit behind the last node, seed " << seed;
  }
}

}  // namespace
}  // namespace ouro::analysis
