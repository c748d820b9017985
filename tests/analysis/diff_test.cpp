#include "analysis/diff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/graph_text.hpp"

namespace ouro::analysis {
namespace {

using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::GraphBuilder;
using graph::HeapGraph;
using graph::kNoNode;
using graph::NodeIndex;
using graph::RootKind;
using test::graph_of;
using test::NamedGraph;
using test::Random;

const TypeGrowth& row_of(const Diff& diff, const std::string& type) {
  return *std::ranges::find(diff.types, type, &TypeGrowth::type);
}

/// A module that holds a dict of connections; the first is at address 0x3000.
HeapGraph cache_with(std::size_t connections, std::size_t forgotten = 0) {
  GraphBuilder builder;
  const auto module = builder.add_node({.address = 0x1000, .type = builder.add_type("", "module")});
  const auto dict = builder.add_node(
      {.address = 0x2000, .type = builder.add_type("", "dict"), .size_bytes = 64 + connections});
  builder.add_root(module, RootKind::kGlobal, "app", 1);
  builder.add_edge(module, dict, EdgeMeaning::kVariable, "cache");
  for (std::size_t at = forgotten; at < connections; ++at) {
    const auto connection = builder.add_node({.address = 0x3000 + 16 * at,
                                              .type = builder.add_type("app", "Connection"),
                                              .size_bytes = 100});
    builder.add_edge(dict, connection, EdgeMeaning::kValue, "'key " + std::to_string(at) + "'");
  }
  return std::move(builder).build();
}

TEST(Diff, OfAGrowingDictIsOneLineByPath) {
  const Diff result = diff(cache_with(5), cache_with(25));
  ASSERT_EQ(result.paths.size(), 1u);
  EXPECT_EQ(result.paths[0].path, "app.cache[]");
  EXPECT_EQ(result.paths[0].type, "app.Connection");
  EXPECT_EQ(result.paths[0].appeared, (Amount{20, 2000}));
  EXPECT_EQ(result.paths[0].gone, Amount());
  EXPECT_EQ(result.paths[0].example, 2u + 5u);
  EXPECT_EQ(result.paths[0].holder.node, 1u);
  EXPECT_EQ(result.paths[0].holder.count, 20u);
}

TEST(Diff, ByTypeHasWhatIsNewAndGoneAndWhoHoldsIt) {
  const Diff result = diff(cache_with(5), cache_with(25, 2));
  const TypeGrowth& connections = row_of(result, "app.Connection");
  EXPECT_EQ(&connections, &result.types.front());
  EXPECT_EQ(connections.before, (Amount{5, 500}));
  EXPECT_EQ(connections.after, (Amount{23, 2300}));
  EXPECT_EQ(connections.appeared, (Amount{20, 2000}));
  EXPECT_EQ(connections.gone, (Amount{2, 200}));
  EXPECT_EQ(connections.growth_count(), 18);
  EXPECT_EQ(connections.holder.node, 1u);
  EXPECT_EQ(result.gone_nodes, (std::vector<NodeIndex>{2, 3}));
}

TEST(Diff, KnowsAnObjectThatHasGrownAsTheSame) {
  const Diff result = diff(cache_with(5), cache_with(25));
  const TypeGrowth& dicts = row_of(result, "dict");
  EXPECT_EQ(dicts.appeared, Amount());
  EXPECT_EQ(dicts.growth_bytes(), 20);
}

TEST(Diff, ByShapeSaysWhatRefersToNewObjects) {
  const Diff result = diff(cache_with(5), cache_with(25));
  ASSERT_EQ(result.shapes.size(), 1u);
  EXPECT_EQ(result.shapes[0].holder_type, "dict");
  EXPECT_EQ(result.shapes[0].shape, "[]");
  EXPECT_EQ(result.shapes[0].type, "app.Connection");
  EXPECT_EQ(result.shapes[0].appeared, (Amount{20, 2000}));
}

TEST(Diff, WithItselfIsEmpty) {
  const Diff result = diff(cache_with(9), cache_with(9));
  EXPECT_TRUE(result.paths.empty());
  EXPECT_TRUE(result.shapes.empty());
  EXPECT_TRUE(result.appeared_nodes.empty());
  EXPECT_EQ(result.before, result.after);
}

TEST(Diff, OfAGrowingLinkedListIsOneLineHoweverLong) {
  const auto list_of = [](std::size_t links) {
    GraphBuilder builder;
    const auto type = builder.add_type("", "Link");
    for (std::size_t at = 0; at < links; ++at) {
      const NodeIndex link =
          builder.add_node({.address = 0x1000 + 16 * at, .type = type, .size_bytes = 16});
      if (at > 0) builder.add_edge(link - 1, link, EdgeMeaning::kAttribute, "next");
    }
    builder.add_root(0, RootKind::kStatic, "head", 1);
    return std::move(builder).build();
  };
  const Diff result = diff(list_of(3), list_of(1'000'000));
  ASSERT_EQ(result.paths.size(), 1u);
  EXPECT_EQ(result.paths[0].path, "head.next...");
  EXPECT_EQ(result.paths[0].appeared.count, 999'997u);
}

TEST(Diff, CountsWhatNoRootReachesWithoutAPath) {
  const NamedGraph before = graph_of("root a");
  const NamedGraph after = graph_of("root a\n b: Lost 40\n c ~> b");
  const Diff result = diff(before.graph, after.graph);
  ASSERT_EQ(result.paths.size(), 1u);
  EXPECT_EQ(result.paths[0].path, "(not reached)");
  EXPECT_EQ(result.paths[0].appeared, (Amount{2, 56}));
  EXPECT_EQ(result.paths[0].holder.node, kNoNode);
  EXPECT_EQ(result.unreached_before, Amount());
  EXPECT_EQ(result.unreached_after, (Amount{2, 56}));
}

TEST(Diff, WithoutAddressesHasNothingInCommon) {
  GraphBuilder builder;
  builder.add_node({.size_bytes = 8});
  const HeapGraph graph = std::move(builder).build();
  const Diff result = diff(graph, graph);
  EXPECT_EQ(result.appeared, (Amount{1, 8}));
  EXPECT_EQ(result.gone, (Amount{1, 8}));
}

TEST(Diff, OfEmptyGraphsIsEmpty) {
  const Diff result = diff(HeapGraph(), HeapGraph());
  EXPECT_TRUE(result.types.empty());
  EXPECT_TRUE(result.paths.empty());
}

/// Some of the addresses and types of a small pool, each at most once, in any order.
HeapGraph random_snapshot(Random& random) {
  GraphBuilder builder;
  const std::size_t node_count = random.below(25);
  std::set<std::uint64_t> used;
  for (std::size_t at = 0; at < node_count; ++at) {
    const std::uint64_t address = 0x1000 + 16 * random.below(40);
    if (!used.insert(address).second) continue;
    builder.add_node({.address = address,
                      .type = builder.add_type("", "T" + std::to_string(random.below(3))),
                      .size_bytes = 16 + 8 * random.below(3)});
  }
  if (builder.node_count() == 0) return std::move(builder).build();
  const auto any = [&] { return static_cast<NodeIndex>(random.below(builder.node_count())); };
  for (std::size_t at = random.below(40); at > 0; --at) {
    const std::uint8_t weak = random.once_in(5) ? EdgeKind::kWeak : std::uint8_t{0};
    builder.add_edge(any(), any(), EdgeKind(EdgeMeaning::kAttribute, weak),
                     std::string(1, static_cast<char>('a' + random.below(2))));
  }
  for (std::size_t at = random.below(4); at > 0; --at) {
    builder.add_root(any(), RootKind::kNamed, "r", 1);
  }
  return std::move(builder).build();
}

using Identity = std::pair<std::uint64_t, std::string>;

std::map<Identity, NodeIndex> node_by_identity(const HeapGraph& graph) {
  std::map<Identity, NodeIndex> nodes;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    nodes[{graph.address(node), graph.type_name(graph.type(node))}] = node;
  }
  return nodes;
}

std::vector<NodeIndex> only_in(const HeapGraph& graph, const HeapGraph& other) {
  std::vector<NodeIndex> nodes;
  const auto others = node_by_identity(other);
  for (const auto& [identity, node] : node_by_identity(graph)) {
    if (!others.contains(identity)) nodes.push_back(node);
  }
  std::ranges::sort(nodes);
  return nodes;
}

std::map<std::string, Amount> by_type(const HeapGraph& graph, const std::vector<NodeIndex>& nodes) {
  std::map<std::string, Amount> amounts;
  for (const NodeIndex node : nodes) {
    amounts[graph.type_name(graph.type(node))].add(graph.size_bytes(node));
  }
  return amounts;
}

/// By rounds over all edges in the order of the nodes they come from: distances grow by one a
/// round.
std::vector<int> distances(const HeapGraph& graph) {
  std::vector<int> distance(graph.node_count(), -1);
  for (const graph::Root& root : graph.roots()) distance[root.node] = 0;
  for (int round = 0; round < static_cast<int>(graph.node_count()); ++round) {
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      if (distance[node] != round) continue;
      for (auto edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
        int& target = distance[graph.target(edge)];
        if (target < 0 && graph.kind(edge).is_owned()) target = round + 1;
      }
    }
  }
  return distance;
}

Amount unreached(const HeapGraph& graph, const std::vector<int>& distance) {
  Amount amount;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (distance[node] < 0) amount.add(graph.size_bytes(node));
  }
  return amount;
}

/// How many steps a path without repeated ones has: ".a" or "[]" each.
std::size_t steps_of(const std::string& path) {
  return static_cast<std::size_t>(
      std::ranges::count_if(path, [](char c) { return c == '.' || c == '['; }));
}

void expect_paths_fit(const HeapGraph& after, const Diff& result) {
  const std::vector<int> distance = distances(after);
  Amount appeared;
  Amount gone;
  for (const PathGrowth& row : result.paths) {
    appeared += row.appeared;
    gone += row.gone;
    if (row.example == kNoNode) continue;
    ASSERT_TRUE(std::ranges::binary_search(result.appeared_nodes, row.example));
    ASSERT_EQ(row.path == "(not reached)", distance[row.example] < 0);
    if (row.path == "(not reached)") continue;
    ASSERT_EQ(row.type, after.type_name(after.type(row.example)));
    ASSERT_LE(row.holder.count, row.appeared.count);
    // A path is as long as the way to what stands there, or repeats itself.
    if (row.path.find("...") != std::string::npos) continue;
    ASSERT_EQ(steps_of(row.path), static_cast<std::size_t>(distance[row.example])) << row.path;
  }
  ASSERT_EQ(appeared, result.appeared);
  ASSERT_EQ(gone, result.gone);
}

TEST(Diff, OfRandomSnapshotsIsWhatSetsOfIdentitiesSay) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    Random random(seed);
    const HeapGraph before = random_snapshot(random);
    const HeapGraph after = random_snapshot(random);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + test::to_text(before) + " and " +
                 test::to_text(after));
    const Diff result =
        diff(before, after, {.most_rows = 1000, .most_at_once = 1 + random.below(40)});
    ASSERT_EQ(result.appeared_nodes, only_in(after, before));
    ASSERT_EQ(result.gone_nodes, only_in(before, after));
    auto appeared = by_type(after, result.appeared_nodes);
    auto gone = by_type(before, result.gone_nodes);
    const std::vector<int> distance = distances(after);
    std::map<std::string, std::vector<NodeIndex>> new_by_type;
    for (const NodeIndex node : result.appeared_nodes) {
      new_by_type[after.type_name(after.type(node))].push_back(node);
    }
    for (const TypeGrowth& row : result.types) {
      ASSERT_EQ(row.appeared, appeared[row.type]) << row.type;
      ASSERT_EQ(row.gone, gone[row.type]) << row.type;
      ASSERT_EQ(row.after.count - row.before.count, row.appeared.count - row.gone.count);
      std::erase_if(new_by_type[row.type], [&](NodeIndex node) { return distance[node] >= 0; });
      ASSERT_EQ(row.unreached.count, new_by_type[row.type].size()) << row.type;
    }
    std::size_t reached = 0;
    ASSERT_EQ(result.unreached_before, unreached(before, distances(before)));
    ASSERT_EQ(result.unreached_after, unreached(after, distance));
    for (const NodeIndex node : result.appeared_nodes) reached += distance[node] >= 0 ? 1u : 0u;
    std::size_t by_shape = 0;
    for (const ShapeGrowth& row : result.shapes) by_shape += row.appeared.count;
    ASSERT_EQ(by_shape, reached);
    expect_paths_fit(after, result);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace ouro::analysis
