#include "analysis/several_paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "analysis/path_oracle.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;
using graph::RootKind;
using test::distances_from;
using test::expect_valid;

std::vector<std::size_t> lengths_of(const SeveralPaths& several) {
  std::vector<std::size_t> lengths;
  for (const Path& path : several.paths) lengths.push_back(path.edges.size());
  return lengths;
}

std::vector<std::size_t> shortest(std::vector<std::size_t> lengths, std::size_t most) {
  std::ranges::sort(lengths);
  if (lengths.size() > most) lengths.resize(most);
  return lengths;
}

NodeIndex last_holder(const HeapGraph& graph, const Path& path) {
  return path.edges.empty() ? graph::kNoNode : graph.source(path.edges.back());
}

/// The shortest by holder: all paths to holders that leave out the node, each with one step more.
std::vector<std::size_t> lengths_by_holder(const ShortestPaths& forest, NodeIndex node) {
  const HeapGraph& graph = forest.graph();
  std::vector<std::size_t> lengths;
  if (std::ranges::find(forest.starts(), node) != forest.starts().end()) lengths.push_back(0);
  const auto distances = distances_from(graph, forest.starts(), node);
  for (NodeIndex holder = 0; holder < graph.node_count(); ++holder) {
    if (holder == node || edges_between(graph, holder, node).empty()) continue;
    if (distances[holder] != kNotReached) lengths.push_back(distances[holder] + 1u);
  }
  return lengths;
}

TEST(SeveralPaths, ByHolderAreTheShortestThatLeaveOutTheNode) {
  test::for_random_graphs(3000, [](const HeapGraph& graph, test::Random& random) {
    const auto forest = ShortestPaths::from_roots(graph);
    const ReverseEdges reverse(graph);
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      const std::size_t most = random.below(6);
      const SeveralPaths several = several_paths(forest, reverse, node, most);
      EXPECT_TRUE(several.is_complete);
      EXPECT_EQ(lengths_of(several), shortest(lengths_by_holder(forest, node), most))
          << "node " << node;
      std::set<NodeIndex> holders;
      for (const Path& path : several.paths) {
        expect_valid(forest, path, node);
        EXPECT_TRUE(holders.insert(last_holder(graph, path)).second);
      }
    }
  });
}

TEST(SeveralPaths, ByRootAreTheShortestFromEach) {
  test::for_random_graphs(2000, [](const HeapGraph& graph, test::Random& random) {
    const auto forest = ShortestPaths::from_roots(graph);
    const ReverseEdges reverse(graph);
    const std::set<NodeIndex> starts(forest.starts().begin(), forest.starts().end());
    std::vector<std::vector<std::uint32_t>> distances_by_start;
    for (const NodeIndex start : starts) {
      distances_by_start.push_back(distances_from(graph, {&start, 1}, graph::kNoNode));
    }
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      std::vector<std::size_t> lengths;
      for (const auto& distances : distances_by_start) {
        if (distances[node] != kNotReached) lengths.push_back(distances[node]);
      }
      const std::size_t most = random.below(5);
      const auto several = several_paths(forest, reverse, node, most, Distinct::kRoots);
      EXPECT_EQ(lengths_of(several), shortest(lengths, most)) << "node " << node;
      std::set<NodeIndex> starts_of_paths;
      for (const Path& path : several.paths) {
        expect_valid(forest, path, node);
        EXPECT_TRUE(starts_of_paths.insert(path.start).second);
      }
    }
  });
}

TEST(SeveralPaths, ByKindOfRootNameTheNearestOfEach) {
  //  local -> a -> b -> c <- module
  //  module, far: a
  graph::GraphBuilder builder;
  for (int node = 0; node < 4; ++node) builder.add_node({});
  builder.add_edge(0, 1);
  builder.add_edge(1, 2);
  builder.add_edge(3, 2);
  builder.add_root(0, RootKind::kLocal, "far", 1);
  builder.add_root(0, RootKind::kGlobal, "far", 1);
  builder.add_root(1, RootKind::kLocal, "near", 1);
  builder.add_root(3, RootKind::kGlobal, "near", 1);
  const HeapGraph graph = std::move(builder).build();
  const auto forest = ShortestPaths::from_roots(graph);
  const auto several = several_paths(forest, ReverseEdges(graph), 2, 9, Distinct::kRootKinds);
  std::map<RootKind, std::string> names;
  for (const Path& path : several.paths) {
    const graph::Root& root = graph.roots()[path.start_index];
    names[root.kind] = std::string(graph.string(root.name));
  }
  EXPECT_EQ(names, (std::map<RootKind, std::string>{{RootKind::kLocal, "near"},
                                                    {RootKind::kGlobal, "near"}}));
  EXPECT_TRUE(several.is_complete);
}

TEST(SeveralPaths, LeaveOutHoldersThatOnlyTheNodeKeepsAlive) {
  const test::NamedGraph named = test::graph_of(R"(
    program -> dungeon
    dungeon -> monster .monsters[0]
    monster -> dungeon .dungeon
    root program
  )");
  const auto forest = ShortestPaths::from_roots(named.graph);
  const auto several = several_paths(forest, ReverseEdges(named.graph), named["dungeon"], 9);
  ASSERT_EQ(several.paths.size(), 1u);
  EXPECT_EQ(last_holder(named.graph, several.paths[0]), named["program"]);
}

TEST(SeveralPaths, SayWhenTheyHaveStoppedEarlyAndStillNameTheShortest) {
  // A chain of holders of the hub, the root at the far end.
  constexpr NodeIndex kLength = 1000;
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node <= kLength; ++node) builder.add_node({});
  for (NodeIndex node = 1; node < kLength; ++node) {
    builder.add_edge(node, node - 1);
    builder.add_edge(node, kLength);
  }
  builder.add_root(kLength - 1, RootKind::kNamed, "", 1);
  const HeapGraph graph = std::move(builder).build();
  const auto forest = ShortestPaths::from_roots(graph);
  const auto several =
      several_paths(forest, ReverseEdges(graph), kLength, 3, Distinct::kHolders, 10);
  EXPECT_FALSE(several.is_complete);
  ASSERT_FALSE(several.paths.empty());
  EXPECT_EQ(several.paths[0].edges.size(), 1u);
}

TEST(SeveralPaths, LookAtNoMoreEdgesThanTheyMay) {
  test::for_random_graphs(2000, [](const HeapGraph& graph, test::Random& random) {
    const auto forest = ShortestPaths::from_roots(graph);
    const ReverseEdges reverse(graph);
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      const std::size_t edges = random.below(12);
      for (const Distinct distinct : {Distinct::kHolders, Distinct::kRoots}) {
        const auto few = several_paths(forest, reverse, node, 4, distinct, edges);
        const auto all = several_paths(forest, reverse, node, 4, distinct);
        for (const Path& path : few.paths) expect_valid(forest, path, node);
        EXPECT_LE(few.paths.size(), all.paths.size());
        if (few.is_complete) {
          EXPECT_EQ(few.paths, all.paths) << "node " << node << ", edges " << edges;
        }
        if (distinct == Distinct::kHolders && forest.is_reached(node)) {
          ASSERT_FALSE(few.paths.empty());
          EXPECT_EQ(few.paths[0].edges.size(), forest.distance(node));
        }
      }
    }
  });
}

}  // namespace
}  // namespace ouro::analysis
