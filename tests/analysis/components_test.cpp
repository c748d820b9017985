#include "analysis/components.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "analysis/edge_matrix.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

HeapGraph ring_of(NodeIndex length) {
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node < length; ++node) builder.add_node({});
  for (NodeIndex node = 0; node < length; ++node) builder.add_edge(node, (node + 1) % length);
  return std::move(builder).build();
}

TEST(Components, HoldTheNodesThatReachEachOther) {
  test::for_random_graphs(4000, [](const HeapGraph& graph, test::Random&) {
    for (const EdgeFilter filter : test::kAllFilters) {
      const auto closure = test::closure_of(test::edge_matrix(graph, filter));
      const Components components(graph, filter);
      std::vector<std::uint32_t> sizes(components.count());
      for (NodeIndex a = 0; a < graph.node_count(); ++a) {
        EXPECT_EQ(components.is_on_cycle(a), closure[a][a]) << "node " << a;
        if (components.is_on_cycle(a)) ++sizes[components.of(a)];
        for (NodeIndex b = 0; b < graph.node_count(); ++b) {
          if (!components.is_on_cycle(a) || !components.is_on_cycle(b)) continue;
          EXPECT_EQ(components.of(a) == components.of(b),
                    a == b || (closure[a][b] && closure[b][a]))
              << "nodes " << a << " and " << b;
          if (closure[a][b]) {
            EXPECT_GE(components.of(a), components.of(b));
          }
        }
      }
      for (ComponentIndex at = 0; at < components.count(); ++at) {
        EXPECT_EQ(components.size(at), sizes[at]);
      }
    }
  });
}

TEST(Components, ANodeAloneIsOneOnlyWhenItRefersToItself) {
  const test::NamedGraph named = test::graph_of(R"(
    a -> b
    b -> b
    c ~> c
  )");
  const Components components(named.graph);
  EXPECT_EQ(components.count(), 1u);
  EXPECT_EQ(components.of(named["a"]), kNoComponent);
  EXPECT_EQ(components.of(named["b"]), 0u);
  EXPECT_EQ(components.of(named["c"]), kNoComponent);
}

TEST(Components, FollowARingOfMillions) {
  const Components components(ring_of(2'000'000));
  ASSERT_EQ(components.count(), 1u);
  EXPECT_EQ(components.size(0), 2'000'000u);
}

}  // namespace
}  // namespace ouro::analysis
