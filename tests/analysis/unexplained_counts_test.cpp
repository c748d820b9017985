#include "analysis/unexplained_counts.hpp"

#include <gtest/gtest.h>

#include <map>

#include "analysis/counted_graphs.hpp"
#include "analysis/edge_matrix.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

std::vector<UnexplainedCount> by_definition(const HeapGraph& graph) {
  const test::EdgeMatrix owned = test::edge_matrix(graph, EdgeFilter::kOwned);
  std::vector<UnexplainedCount> counts;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    auto difference = static_cast<std::int64_t>(graph.reference_count(node));
    for (NodeIndex from = 0; from < graph.node_count(); ++from) difference -= owned[from][node];
    for (const graph::Root& root : graph.roots()) {
      if (root.node == node) difference -= root.references;
    }
    if (difference == 0 || graph.flags(node).is_immortal()) continue;
    counts.push_back({node, graph.reference_count(node), difference});
  }
  return counts;
}

TEST(UnexplainedCounts, AreWhatEdgesAndRootsDoNotAddUpTo) {
  test::for_counted_graphs(4000, [](const HeapGraph& graph) {
    const auto expected = by_definition(graph);
    const UnexplainedCounts found = find_unexplained_counts(graph);
    EXPECT_EQ(found.by_node, expected);
    std::map<graph::TypeIndex, UnexplainedOfType> groups;
    for (const UnexplainedCount& count : expected) {
      UnexplainedOfType& group = groups[graph.type(count.node)];
      group.type = graph.type(count.node);
      group.surplus_nodes += count.difference > 0;
      group.deficit_nodes += count.difference < 0;
      const auto references = static_cast<std::uint64_t>(std::abs(count.difference));
      (count.difference > 0 ? group.surplus_references : group.deficit_references) += references;
    }
    ASSERT_EQ(found.by_type.size(), groups.size());
    for (const UnexplainedOfType& group : found.by_type) EXPECT_EQ(group, groups.at(group.type));
  });
}

TEST(UnexplainedCounts, PutDeficitsFirst) {
  const test::NamedGraph named = test::graph_of(R"(
    a: Held
    b: Short
    c: Fine
    a count 5
    c -> b
    c -> b
    b count 1
    root c
  )");
  const UnexplainedCounts found = find_unexplained_counts(named.graph);
  ASSERT_EQ(found.by_type.size(), 2u);
  EXPECT_EQ(named.graph.type_name(found.by_type[0].type), "Short");
  EXPECT_EQ(found.by_type[0].deficit_references, 1u);
  EXPECT_EQ(named.graph.type_name(found.by_type[1].type), "Held");
  EXPECT_EQ(found.by_type[1].surplus_references, 5u);
}

}  // namespace
}  // namespace ouro::analysis
