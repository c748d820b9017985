#include "analysis/shortest_paths.hpp"

#include <gtest/gtest.h>

#include "analysis/path_oracle.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;
using test::distances_from;
using test::expect_valid;

TEST(ShortestPaths, AreAsLongAsTheOracleSays) {
  test::for_random_graphs(4000, [](const HeapGraph& graph, test::Random&) {
    const auto forest = ShortestPaths::from_roots(graph);
    const auto distances = distances_from(graph, forest.starts(), graph::kNoNode);
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      EXPECT_EQ(forest.distance(node), distances[node]) << "node " << node;
      const auto path = forest.path_to(node);
      ASSERT_EQ(path.has_value(), distances[node] != kNotReached);
      if (!path) continue;
      expect_valid(forest, *path, node);
      EXPECT_EQ(path->edges.size(), distances[node]);
    }
  });
}

TEST(ShortestPaths, FromGivenNodesWhereAGraphHasNoRoots) {
  const test::NamedGraph named = test::graph_of(R"(
    a -> b .first
    b -> c
    d -> c .last
    e -> e
  )");
  const NodeIndex starts[] = {named["a"], named["d"]};
  const auto forest = ShortestPaths::from_nodes(named.graph, starts);
  const auto path = forest.path_to(named["c"]);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->start, named["d"]);
  EXPECT_EQ(path->start_index, 1u);
  EXPECT_EQ(nodes_on(named.graph, *path), (std::vector<NodeIndex>{named["d"], named["c"]}));
  EXPECT_FALSE(forest.path_to(named["e"]));
}

TEST(ShortestPaths, FollowAChainOfMillions) {
  constexpr NodeIndex kLength = 2'000'000;
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node < kLength; ++node) builder.add_node({});
  for (NodeIndex node = 1; node < kLength; ++node) builder.add_edge(node - 1, node);
  builder.add_root(0, graph::RootKind::kNamed, "", 1);
  const HeapGraph graph = std::move(builder).build();
  const auto forest = ShortestPaths::from_roots(graph);
  const auto path = forest.path_to(kLength - 1);
  ASSERT_TRUE(path);
  for (const NodeIndex node : {0u, 254u, 255u, 256u, kLength - 1}) {
    EXPECT_EQ(forest.distance(node), node);
  }
  EXPECT_EQ(path->edges.size(), kLength - 1);
}

}  // namespace
}  // namespace ouro::analysis
