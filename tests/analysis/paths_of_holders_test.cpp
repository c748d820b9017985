#include "analysis/paths_of_holders.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/path_oracle.hpp"
#include "analysis/several_paths.hpp"
#include "graph/graph_builder.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

std::vector<std::pair<std::size_t, NodeIndex>> lengths_and_holders(const HeapGraph& graph,
                                                                   const std::vector<Path>& paths) {
  std::vector<std::pair<std::size_t, NodeIndex>> rows;
  for (const Path& path : paths) {
    const bool is_start = path.edges.empty();
    rows.emplace_back(path.edges.size(),
                      is_start ? graph::kNoNode : graph.source(path.edges.back()));
  }
  return rows;
}

TEST(PathsOfHolders, AreThoseThatSeveralPathsFinds) {
  test::for_random_graphs(3000, [](const HeapGraph& graph, test::Random& random) {
    const auto forest = ShortestPaths::from_roots(graph);
    const ReverseEdges reverse(graph);
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      const std::size_t most = random.below(6);
      const PathsOfHolders found = paths_of_holders(graph, node, most);
      const SeveralPaths several = several_paths(forest, reverse, node, most);
      EXPECT_EQ(lengths_and_holders(graph, found.paths), lengths_and_holders(graph, several.paths))
          << "node " << node;
      for (const Path& path : found.paths) test::expect_valid(forest, path, node);
      EXPECT_EQ(found.references.size(), reverse.in_degree(node));
    }
  });
}

// root -> 0 -> 1 -> ... -> last, and all refer back to node 0: no other holder is reached around it
TEST(PathsOfHolders, OfALongChainThatRefersBackIsTheRootAlone) {
  constexpr NodeIndex kLength = 1'000'000;
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node < kLength; ++node) builder.add_node({});
  for (NodeIndex node = 0; node + 1 < kLength; ++node) {
    builder.add_edge(node, node + 1);
    builder.add_edge(node + 1, 0);
  }
  builder.add_root(0, graph::RootKind::kGlobal, "root", 1);
  const HeapGraph graph = std::move(builder).build();
  const PathsOfHolders found = paths_of_holders(graph, 0, 10);
  ASSERT_EQ(found.paths.size(), 1u);
  EXPECT_TRUE(found.paths[0].edges.empty());
  EXPECT_EQ(found.references.size(), kLength - 1);
  EXPECT_EQ(paths_of_holders(graph, kLength - 1, 10).paths[0].edges.size(), kLength - 1);
}

// A search that ended too early would miss a holder that is as near, or nearer.
TEST(PathsOfHolders, AreTheFirstOfAllWhereFewAreAskedFor) {
  test::for_random_graphs(2000, [](const HeapGraph& graph, test::Random&) {
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      const PathsOfHolders all = paths_of_holders(graph, node, graph::kNoNode);
      for (std::size_t most = 0; most < all.paths.size(); ++most) {
        const PathsOfHolders some = paths_of_holders(graph, node, most);
        ASSERT_EQ(some.paths.size(), most);
        EXPECT_TRUE(std::equal(some.paths.begin(), some.paths.end(), all.paths.begin()));
        EXPECT_TRUE(some.cycles.empty());
      }
    }
  });
}

}  // namespace
}  // namespace ouro::analysis
