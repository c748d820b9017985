#include "analysis/retained.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "support/graph_text.hpp"
#include "support/removal.hpp"

namespace ouro::analysis {
namespace {

using graph::GraphBuilder;
using test::graph_of;
using test::NamedGraph;
using test::Random;

struct Analysed {
  explicit Analysed(const HeapGraph& graph) : tree(dominators(graph)), order(tree) {}

  DominatorTree tree;
  DominatorOrder order;
};

/// By node: whether it is freed once these have gone.
std::vector<bool> freed_without(const HeapGraph& graph, const std::vector<NodeIndex>& removed) {
  std::vector<NodeIndex> starts;
  for (const graph::Root& root : graph.roots()) starts.push_back(root.node);
  std::vector<bool> freed = test::reached_without(graph, starts, {});
  const std::vector<bool> rest = test::reached_without(graph, starts, removed);
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    freed[node] = freed[node] && !rest[node];
  }
  return freed;
}

Amount sum_of(const HeapGraph& graph, const std::vector<bool>& freed) {
  Amount sum;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (freed[node]) sum.add(graph.size_bytes(node));
  }
  return sum;
}

/// What is freed by the removal of one of the set or another.
Amount freed_by_any_one(const HeapGraph& graph, const std::vector<NodeIndex>& set) {
  std::vector<bool> freed(graph.node_count(), false);
  for (const NodeIndex node : set) {
    const std::vector<bool> more = freed_without(graph, {node});
    for (NodeIndex at = 0; at < graph.node_count(); ++at) freed[at] = freed[at] || more[at];
  }
  return sum_of(graph, freed);
}

constexpr std::string_view kSharedChild = R"(
    a: Pair 10
    b: Pair 10
    c: Item 100
    d: Item 1000
    a -> c
    b -> c
    c -> d
    root a
    root b)";

TEST(Retained, BySeveralTogetherIsMoreThanByEach) {
  const NamedGraph named = graph_of(kSharedChild);
  const Analysed analysed(named.graph);
  const std::vector<NodeIndex> both{named["a"], named["b"]};
  EXPECT_EQ(dominated_by(analysed.tree, analysed.order, both), (Amount{2, 20}));
  EXPECT_EQ(retained_by(named.graph, both), (Amount{4, 1120}));
}

TEST(Retained, ByATypeCountsNoInstanceWithinAnotherTwice) {
  const NamedGraph named = graph_of(kSharedChild);
  const Analysed analysed(named.graph);
  const std::vector<TypeRetained> rows =
      retained_by_type(named.graph, analysed.tree, analysed.order);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(named.graph.type_name(rows[0].type), "Item");
  EXPECT_EQ(rows[0].instance_count, 2u);
  EXPECT_EQ(rows[0].instance_bytes, 1100u);
  EXPECT_EQ(rows[0].retained, (Amount{2, 1100}));
  EXPECT_EQ(rows[1].retained, (Amount{2, 20}));
}

TEST(Retained, ListsAreSortedAndAsLongAsAsked) {
  const NamedGraph named = graph_of(kSharedChild);
  const Analysed analysed(named.graph);
  EXPECT_EQ(greatest_retainers(analysed.tree, 2), (std::vector{named["c"], named["d"]}));
  EXPECT_EQ(greatest_children(analysed.tree, analysed.order, analysed.order.virtual_root(), 9),
            (std::vector{named["c"], named["a"], named["b"]}));
  EXPECT_TRUE(greatest_retainers(analysed.tree, 0).empty());
}

void expect_order_fits(const HeapGraph& graph, const Analysed& analysed) {
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (!analysed.tree.is_reachable(node)) continue;
    const std::vector<bool> freed = freed_without(graph, {node});
    ASSERT_EQ(analysed.order.count(node), sum_of(graph, freed).count) << "node " << node;
    for (NodeIndex other = 0; other < graph.node_count(); ++other) {
      if (!analysed.tree.is_reachable(other)) continue;
      ASSERT_EQ(analysed.order.dominates(node, other), freed[other]) << node << ", " << other;
    }
    std::vector<NodeIndex> children;
    analysed.order.for_each_child(node, [&](NodeIndex child) { children.push_back(child); });
    const auto is_child = [&](NodeIndex child) {
      return analysed.tree.immediate_dominator(child) == node;
    };
    ASSERT_TRUE(std::ranges::all_of(children, is_child));
    std::size_t child_count = 0;
    for (NodeIndex other = 0; other < graph.node_count(); ++other) {
      child_count += is_child(other) ? 1u : 0u;
    }
    ASSERT_EQ(children.size(), child_count);
  }
}

void expect_types_fit(const HeapGraph& graph, const Analysed& analysed) {
  std::map<graph::TypeIndex, std::vector<NodeIndex>> instances;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (analysed.tree.is_reachable(node)) instances[graph.type(node)].push_back(node);
  }
  const std::vector<TypeRetained> rows = retained_by_type(graph, analysed.tree, analysed.order);
  ASSERT_EQ(rows.size(), instances.size());
  for (const TypeRetained& row : rows) {
    ASSERT_EQ(row.instance_count, instances[row.type].size());
    ASSERT_EQ(row.retained, freed_by_any_one(graph, instances[row.type])) << "type " << row.type;
  }
  ASSERT_TRUE(std::ranges::is_sorted(rows, std::greater<>(),
                                     [](const TypeRetained& row) { return row.retained.bytes; }));
}

TEST(Retained, OfRandomGraphsIsWhatRemovalsFree) {
  for (std::uint64_t seed = 0; seed < 2500; ++seed) {
    Random random(seed);
    test::RandomGraphOptions options;
    options.node_count = random.below(26);
    options.edge_count = random.below(1 + options.node_count * (1 + random.below(4)));
    options.root_count = random.below(5);
    options.weak_one_in = random.once_in(2) ? 5 : 0;
    const HeapGraph graph = test::random_graph(random, options);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + test::to_text(graph));
    const Analysed analysed(graph);
    expect_order_fits(graph, analysed);
    expect_types_fit(graph, analysed);
    std::vector<NodeIndex> set;
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      if (random.once_in(4)) set.insert(set.end(), 1 + random.below(2), node);
    }
    ASSERT_EQ(retained_by(graph, set), sum_of(graph, freed_without(graph, set)));
    ASSERT_EQ(dominated_by(analysed.tree, analysed.order, set), freed_by_any_one(graph, set));
    if (HasFatalFailure()) return;
  }
}

TEST(Retained, OfAChainOfTwoMillionNodesIsThatOfItsFirst) {
  constexpr std::uint32_t kManyNodes = 2'000'000;
  GraphBuilder builder;
  for (NodeIndex node = 0; node < kManyNodes; ++node) builder.add_node({.size_bytes = 2});
  for (NodeIndex node = 1; node < kManyNodes; ++node) builder.add_edge(node - 1, node);
  builder.add_root(0, graph::RootKind::kNamed, "", 1);
  const HeapGraph graph = std::move(builder).build();
  const Analysed analysed(graph);
  const std::vector<TypeRetained> rows = retained_by_type(graph, analysed.tree, analysed.order);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].retained, (Amount{kManyNodes, 2 * kManyNodes}));
  EXPECT_EQ(analysed.order.count(1000), kManyNodes - 1000);
}

}  // namespace
}  // namespace ouro::analysis
