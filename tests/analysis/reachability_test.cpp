#include "analysis/reachability.hpp"

#include <gtest/gtest.h>

#include "analysis/edge_matrix.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

TEST(Reachability, IsTheClosureOfTheStarts) {
  test::for_random_graphs(2000, [](const HeapGraph& graph, test::Random& random) {
    if (graph.node_count() == 0) return;
    for (const EdgeFilter filter : test::kAllFilters) {
      std::vector<NodeIndex> starts(random.below(4));
      for (NodeIndex& start : starts) {
        start = static_cast<NodeIndex>(random.below(graph.node_count()));
      }
      const auto closure = test::closure_of(test::edge_matrix(graph, filter));
      const NodeSet reached = reachable_from(graph, starts, filter);
      std::vector<NodeIndex> unreached;
      for (NodeIndex node = 0; node < graph.node_count(); ++node) {
        bool expected = false;
        for (const NodeIndex start : starts) expected |= start == node || closure[start][node];
        EXPECT_EQ(reached.contains(node), expected) << "node " << node;
        if (!expected) unreached.push_back(node);
      }
      EXPECT_EQ(nodes_outside(reached), unreached);
      EXPECT_EQ(reached.size(), graph.node_count() - unreached.size());
    }
  });
}

TEST(Reachability, FromRootsLeavesOutWhatOnlyWeakReferencesReach) {
  const test::NamedGraph named = test::graph_of(R"(
    a -> b
    b ~> c
    c -> d
    root a
    root a
  )");
  EXPECT_EQ(root_nodes(named.graph), std::vector<NodeIndex>{named["a"]});
  EXPECT_EQ(nodes_outside(reachable_from_roots(named.graph)),
            (std::vector<NodeIndex>{named["c"], named["d"]}));
}

TEST(Reachability, FollowsAChainOfMillions) {
  constexpr NodeIndex kLength = 2'000'000;
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node < kLength; ++node) builder.add_node({});
  for (NodeIndex node = 1; node < kLength; ++node) builder.add_edge(node - 1, node);
  const HeapGraph graph = std::move(builder).build();
  const NodeIndex starts[] = {1};
  EXPECT_EQ(nodes_outside(reachable_from(graph, starts)), std::vector<NodeIndex>{0});
}

}  // namespace
}  // namespace ouro::analysis
