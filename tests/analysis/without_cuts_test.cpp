#include "analysis/without_cuts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/reachability.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

Cycles cycles_of(const HeapGraph& graph, const Components& components) {
  return find_cycles(graph, components, reachable_from_roots(graph));
}

std::uint64_t owned_edges(const HeapGraph& graph) {
  std::uint64_t edges = 0;
  for (graph::EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    edges += graph.kind(edge).is_owned();
  }
  return edges;
}

TEST(WithoutCuts, TakesAsManyReferencesAsTheShapesSayAndLeavesTheUnbrokenCyclic) {
  test::for_random_graphs(2000, [](const HeapGraph& graph, test::Random&) {
    const Components components(graph);
    const Cycles cycles = cycles_of(graph, components);
    const HeapGraph left = without_cuts(graph, components, cycles);
    std::uint64_t cut = 0;
    std::uint64_t unbroken = 0;
    for (const CycleShape& shape : cycles.shapes) {
      cut += shape.cut.references;
      unbroken += shape.all.components - shape.cut.freed.components;
    }
    EXPECT_EQ(owned_edges(left), owned_edges(graph) - cut);
    const Components components_left(left);
    std::vector<bool> has_some_left(components.count());
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      if (!components_left.is_on_cycle(node)) continue;
      ASSERT_TRUE(components.is_on_cycle(node));
      has_some_left[components.of(node)] = true;
    }
    EXPECT_EQ(std::ranges::count(has_some_left, true), static_cast<std::int64_t>(unbroken));
  });
}

TEST(WithoutCuts, TakesApartEveryGraphInTheEnd) {
  test::for_random_graphs(1000, [](const HeapGraph& graph, test::Random&) {
    HeapGraph left = graph;
    for (std::uint64_t rounds = 0; rounds <= graph.edge_count(); ++rounds) {
      const Components components(left);
      if (components.count() == 0) return;
      left = without_cuts(left, components, cycles_of(left, components));
    }
    FAIL() << "still cyclic";
  });
}

TEST(WithoutCuts, ShowsTheCyclesBehind) {
  const test::NamedGraph named = test::graph_of(R"(
    parent: Parent
    a: Child
    b: Child
    c: Child
    parent -> a .children[0]
    parent -> b .children[1]
    parent -> c .children[2]
    a -> parent .parent
    b -> parent .parent
    c -> parent .parent
    a -> b .next
    b -> c .next
    c -> a .next
  )");
  const Components components(named.graph);
  const HeapGraph left = without_cuts(named.graph, components, cycles_of(named.graph, components));
  const Cycles behind = cycles_of(left, Components(left));
  ASSERT_EQ(behind.shapes.size(), 1u);
  EXPECT_EQ(to_string(behind.shapes[0].steps), "Child.next ->");
}

}  // namespace
}  // namespace ouro::analysis
