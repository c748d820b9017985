// Every analysis of graphs without nodes, or with nothing but edges.
#include <gtest/gtest.h>

#include <vector>

#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/diff.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/garbage.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/query.hpp"
#include "analysis/reachability.hpp"
#include "analysis/retained.hpp"
#include "analysis/reverse_edges.hpp"
#include "analysis/shortest_paths.hpp"
#include "analysis/type_totals.hpp"
#include "analysis/unexplained_counts.hpp"
#include "analysis/without_cuts.hpp"
#include "graph/graph_builder.hpp"

namespace {

using namespace ouro::analysis;

void expect_nothing(const HeapGraph& graph) {
  const Components components(graph);
  EXPECT_EQ(components.count(), 0u);
  const NodeSet held = reachable_from_roots(graph);
  const Cycles cycles = find_cycles(graph, components, held);
  EXPECT_TRUE(cycles.shapes.empty());
  EXPECT_EQ(without_cuts(graph, components, cycles).node_count(), 0u);
  EXPECT_TRUE(nodes_outside(held).empty());
  const Diff itself = diff(graph, graph);
  EXPECT_EQ(itself.appeared.count + itself.gone.count, 0u);
  const DominatorTree tree = dominators(graph);
  const DominatorOrder order(tree);
  EXPECT_EQ(tree.retained_bytes(tree.virtual_root()), 0u);
  EXPECT_TRUE(greatest_retainers(tree, 5).empty());
  EXPECT_TRUE(retained_by_type(graph, tree, order).empty());
  EXPECT_TRUE(leak_suspects(graph, tree, order).empty());
  EXPECT_EQ(retained_by(graph, {}).count, 0u);
  EXPECT_TRUE(find_garbage(graph).garbage.nodes.empty());
  EXPECT_TRUE(find_unexplained_counts(graph).by_node.empty());
  EXPECT_TRUE(type_totals(graph).empty());
  EXPECT_TRUE(ReverseEdges(graph).begins().size() <= 1);
  EXPECT_TRUE(ShortestPaths::from_roots(graph).starts().empty());
  EXPECT_TRUE(select(graph, *parse_query("*")).empty());
}

TEST(AnalysesOfNothing, FindNothing) {
  expect_nothing(HeapGraph());
  expect_nothing(ouro::graph::GraphBuilder().build());
}

// 0 <-> 1 --> 2, without sizes, types, counts, roots; types beyond the table in the second.
TEST(AnalysesOfEdgesAlone, CountNodesOfNoType) {
  const std::vector<ouro::graph::EdgeIndex> begins{0, 1, 3, 3};
  const std::vector<NodeIndex> targets{1, 0, 2};
  const std::byte types[] = {std::byte{0}, std::byte{7}, std::byte{255}};
  const ouro::graph::TypeRow row;
  const ouro::graph::Root root{.node = 0};
  ouro::graph::Columns columns;
  columns.node_count = 3;
  columns.edge_count = 3;
  columns.edge_begins = begins;
  columns.targets = targets;
  columns.roots = {&root, 1};
  const HeapGraph plain(columns, nullptr);
  columns.types = {types, 3, 1};
  columns.types_table = {&row, 1};
  const HeapGraph lost(columns, nullptr);
  for (const HeapGraph& graph : {plain, lost}) {
    const DominatorTree tree = dominators(graph);
    std::uint64_t retained = 0;
    for (const TypeRetained& of_type : retained_by_type(graph, tree, DominatorOrder(tree))) {
      retained += of_type.instance_count;
    }
    std::uint64_t objects = 0;
    for (const TypeTotal& total : type_totals(graph)) objects += total.amount.count;
    EXPECT_EQ(objects, 3u);
    EXPECT_EQ(retained, 3u);
    EXPECT_EQ(Components(graph).count(), 1u);
  }
  EXPECT_EQ(select(plain, *parse_query("node")).size(), 3u);
  EXPECT_EQ(select(lost, *parse_query("node")), (std::vector<NodeIndex>{1, 2}));
  EXPECT_EQ(select(lost, *parse_query("node#2")), std::vector<NodeIndex>{2});
}

}  // namespace
