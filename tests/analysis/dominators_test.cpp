#include "analysis/dominators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "support/graph_text.hpp"
#include "support/removal.hpp"

namespace ouro::analysis {
namespace {

using graph::GraphBuilder;
using graph::kNoNode;
using test::graph_of;
using test::NamedGraph;
using test::Random;
using test::reached_without;

/// By their definition: v dominates w if no root reaches w once v is gone.
struct Expected {
  std::vector<NodeIndex> dominator_by_node;
  std::vector<std::uint64_t> retained_bytes;
};

Expected by_removal(const HeapGraph& graph, const std::vector<NodeIndex>& starts) {
  const std::uint32_t node_count = graph.node_count();
  const std::vector<bool> reached = reached_without(graph, starts, {});
  std::vector<std::vector<bool>> dominates(node_count);
  for (NodeIndex node = 0; node < node_count; ++node) {
    dominates[node] = reached_without(graph, starts, std::vector<NodeIndex>{node});
    for (NodeIndex other = 0; other < node_count; ++other) {
      dominates[node][other] = reached[other] && !dominates[node][other];
    }
  }
  Expected expected;
  for (NodeIndex node = 0; node < node_count; ++node) {
    std::uint64_t bytes = 0;
    for (NodeIndex other = 0; other < node_count; ++other) {
      if (dominates[node][other]) bytes += graph.size_bytes(other);
    }
    expected.retained_bytes.push_back(bytes);
    // Of the strict dominators, which dominate each other, the lowest is dominated by all.
    NodeIndex nearest = reached[node] ? node_count : kNoNode;
    for (NodeIndex other = 0; other < node_count; ++other) {
      if (other == node || !dominates[other][node]) continue;
      if (nearest == node_count || dominates[nearest][other]) nearest = other;
    }
    expected.dominator_by_node.push_back(nearest);
  }
  return expected;
}

std::vector<NodeIndex> roots_of(const HeapGraph& graph) {
  std::vector<NodeIndex> starts;
  for (const graph::Root& root : graph.roots()) starts.push_back(root.node);
  return starts;
}

void expect_as_by_removal(const HeapGraph& graph, const std::vector<NodeIndex>& starts,
                          const DominatorTree& tree) {
  const Expected expected = by_removal(graph, starts);
  ASSERT_EQ(tree.node_count(), graph.node_count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    ASSERT_EQ(tree.immediate_dominator(node), expected.dominator_by_node[node]) << "node " << node;
    ASSERT_EQ(tree.is_reachable(node), expected.dominator_by_node[node] != kNoNode);
    ASSERT_EQ(tree.retained_bytes(node), expected.retained_bytes[node]) << "node " << node;
  }
}

// a -> b -> d, a -> c -> d, d -> e: no single one of b and c holds d.
TEST(Dominators, AreWhatEveryPathFromTheRootsPasses) {
  const NamedGraph named = graph_of(R"(
    a -> b
    a -> c
    b -> d
    c -> d
    d -> e
    root a)");
  const DominatorTree tree = dominators(named.graph);
  EXPECT_EQ(tree.immediate_dominator(named["a"]), tree.virtual_root());
  EXPECT_EQ(tree.immediate_dominator(named["b"]), named["a"]);
  EXPECT_EQ(tree.immediate_dominator(named["d"]), named["a"]);
  EXPECT_EQ(tree.immediate_dominator(named["e"]), named["d"]);
  EXPECT_EQ(tree.retained_bytes(named["d"]), 32u);
  EXPECT_EQ(tree.retained_bytes(named["a"]), 80u);
  EXPECT_EQ(tree.retained_bytes(tree.virtual_root()), 80u);
}

TEST(Dominators, SharedByTwoRootsAreHeldByNoSingleNode) {
  const NamedGraph named = graph_of(R"(
    a -> c
    b -> c
    c -> d
    root a
    root b)");
  const DominatorTree tree = dominators(named.graph);
  EXPECT_EQ(tree.immediate_dominator(named["c"]), tree.virtual_root());
  EXPECT_EQ(tree.retained_bytes(named["a"]), 16u);
}

TEST(Dominators, LeaveOutWeakReferencesAndWhatNoRootReaches) {
  const NamedGraph named = graph_of(R"(
    a -> b
    b ~> c
    a ~> d
    x -> c
    b -> d
    root a)");
  const DominatorTree tree = dominators(named.graph);
  EXPECT_FALSE(tree.is_reachable(named["c"]));
  EXPECT_FALSE(tree.is_reachable(named["x"]));
  EXPECT_EQ(tree.retained_bytes(named["x"]), 0u);
  EXPECT_EQ(tree.immediate_dominator(named["d"]), named["b"]);
}

TEST(Dominators, OfAGraphWithoutNodesAreNone) {
  const DominatorTree tree = dominators(HeapGraph());
  EXPECT_EQ(tree.node_count(), 0u);
  EXPECT_EQ(tree.retained_bytes(tree.virtual_root()), 0u);
}

TEST(Dominators, FromOtherStartsAreThoseOfAGraphWithTheseRoots) {
  const NamedGraph named = graph_of("a -> b\n b -> c\n root a");
  const DominatorTree tree =
      dominators_from(named.graph, std::vector<NodeIndex>{named["c"], named["b"]});
  EXPECT_FALSE(tree.is_reachable(named["a"]));
  EXPECT_EQ(tree.immediate_dominator(named["c"]), tree.virtual_root());
}

test::RandomGraphOptions random_options(Random& random) {
  test::RandomGraphOptions options;
  options.node_count = random.below(31);
  options.edge_count = random.below(1 + options.node_count * (1 + random.below(5)));
  options.root_count = random.below(5);
  options.weak_one_in = random.once_in(2) ? 4 : 0;
  return options;
}

TEST(Dominators, OfRandomGraphsAreThoseFoundByRemovingEachNode) {
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    Random random(seed);
    const HeapGraph graph = test::random_graph(random, random_options(random));
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + test::to_text(graph));
    const bool has_reverse = random.once_in(2);
    expect_as_by_removal(graph, roots_of(graph),
                         has_reverse ? dominators(graph, ReverseEdges(graph)) : dominators(graph));
    if (HasFatalFailure()) return;
    if (graph.node_count() == 0) continue;
    const std::vector<NodeIndex> starts{static_cast<NodeIndex>(random.below(graph.node_count())),
                                        static_cast<NodeIndex>(random.below(graph.node_count()))};
    expect_as_by_removal(graph, starts, dominators_from(graph, starts));
    if (HasFatalFailure()) return;
  }
}

/// A binary tree below node 1. Nearly all nodes below node 2 refer to node 0, which refers to
/// others, as objects do to their class; of those below node 3 at most one does, and it decides
/// whether node 2 dominates node 0.
HeapGraph graph_with_a_class(Random& random) {
  GraphBuilder builder;
  const auto node_count = static_cast<std::uint32_t>(150 + random.below(100));
  for (NodeIndex node = 0; node < node_count; ++node) builder.add_node({.size_bytes = 1 + node});
  const auto any = [&] { return static_cast<NodeIndex>(random.below(node_count)); };
  const auto is_below_2 = [](NodeIndex node) {
    while (node > 3) node /= 2;
    return node == 2;
  };
  const NodeIndex decides = any();
  for (NodeIndex node = 1; node < node_count; ++node) {
    if (node > 1) builder.add_edge(node / 2, node);
    if (node == decides || (is_below_2(node) && !random.once_in(20))) builder.add_edge(node, 0);
    if (random.once_in(50)) builder.add_edge(node, any());
  }
  builder.add_edge(0, any());
  builder.add_root(1, graph::RootKind::kNamed, "", 1);
  return std::move(builder).build();
}

TEST(Dominators, BehindANodeThatManyReferToAreThoseFoundByRemovingEachNode) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const HeapGraph graph = graph_with_a_class(random);
    expect_as_by_removal(graph, roots_of(graph), dominators(graph));
    if (HasFatalFailure()) return;
  }
}

constexpr std::uint32_t kManyNodes = 2'000'000;

GraphBuilder chain_of(std::uint32_t node_count) {
  GraphBuilder builder;
  for (NodeIndex node = 0; node < node_count; ++node) builder.add_node({.size_bytes = 1});
  for (NodeIndex node = 1; node < node_count; ++node) builder.add_edge(node - 1, node);
  builder.add_root(0, graph::RootKind::kNamed, "", 1);
  return builder;
}

TEST(Dominators, OfAChainOfTwoMillionNodesAreTheirPredecessors) {
  const HeapGraph graph = chain_of(kManyNodes).build();
  const DominatorTree tree = dominators(graph);
  for (NodeIndex node = 1; node < kManyNodes; ++node) {
    ASSERT_EQ(tree.immediate_dominator(node), node - 1);
    ASSERT_EQ(tree.retained_bytes(node), kManyNodes - node);
  }
}

TEST(Dominators, OfARingOfTwoMillionNodesHeldInTwoPlacesMeetThere) {
  GraphBuilder builder = chain_of(kManyNodes);
  builder.add_edge(kManyNodes - 1, 0);
  builder.add_root(kManyNodes / 2, graph::RootKind::kNamed, "", 1);
  const DominatorTree tree = dominators(std::move(builder).build());
  EXPECT_EQ(tree.immediate_dominator(0), tree.virtual_root());
  EXPECT_EQ(tree.immediate_dominator(kManyNodes / 2), tree.virtual_root());
  EXPECT_EQ(tree.immediate_dominator(kManyNodes - 1), kManyNodes - 2);
  EXPECT_EQ(tree.retained_bytes(0), kManyNodes / 2);
}

// A chain whose links refer to payloads that a container, visited later, holds too. From its link
// each payload has a walk as long as the chain so far.
void expect_payloads_held_by_none(std::uint32_t links, bool payloads_are_leaves) {
  GraphBuilder builder = chain_of(links);
  const NodeIndex container = builder.add_node({.size_bytes = 1});
  builder.add_root(container, graph::RootKind::kNamed, "", 1);
  for (NodeIndex link = 0; link < links; ++link) {
    const NodeIndex payload = builder.add_node({.size_bytes = 1});
    builder.add_edge(link, payload);
    builder.add_edge(container, payload);
    if (!payloads_are_leaves) builder.add_edge(payload, builder.add_node({.size_bytes = 1}));
  }
  const HeapGraph graph = std::move(builder).build();
  const DominatorTree tree = dominators(graph);
  for (const NodeIndex payload : graph.targets(container)) {
    ASSERT_EQ(tree.immediate_dominator(payload), tree.virtual_root());
  }
  EXPECT_EQ(tree.retained_bytes(0), links);
}

TEST(Dominators, OfPayloadsSharedByALongChainTakeNoSquareOfItsLength) {
  expect_payloads_held_by_none(400'000, false);
  expect_payloads_held_by_none(400'000, true);
}

}  // namespace
}  // namespace ouro::analysis
