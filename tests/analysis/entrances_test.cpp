#include "analysis/entrances.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/edge_matrix.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

/// By definition: on a cycle, and a root or a node that it does not reach refers to it.
bool is_entrance(const HeapGraph& graph, const test::EdgeMatrix& edges,
                 const std::vector<std::vector<bool>>& closure, NodeIndex node) {
  if (!closure[node][node]) return false;
  for (NodeIndex from = 0; from < graph.node_count(); ++from) {
    if (edges[from][node] && !closure[node][from]) return true;
  }
  return std::ranges::any_of(graph.roots(),
                             [node](const graph::Root& root) { return root.node == node; });
}

TEST(Entrances, AreWhatOutsidersReferTo) {
  std::size_t found = 0;
  test::for_random_graphs(3000, [&found](const HeapGraph& graph, test::Random&) {
    for (const EdgeFilter filter : test::kAllFilters) {
      const auto edges = test::edge_matrix(graph, filter);
      const auto closure = test::closure_of(edges);
      const NodeSet entered = entrances(graph, Components(graph, filter));
      for (NodeIndex node = 0; node < graph.node_count(); ++node) {
        EXPECT_EQ(entered.contains(node), is_entrance(graph, edges, closure, node))
            << "node " << node;
      }
      found += entered.size();
    }
  });
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace ouro::analysis
