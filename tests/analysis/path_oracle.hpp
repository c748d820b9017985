// Distances by the definition, and what makes a path a path.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <span>
#include <vector>

#include "analysis/shortest_paths.hpp"

namespace ouro::test {

/// Over owned edges that neither begin nor end at `left_out`, by relaxing all edges until nothing
/// changes.
inline std::vector<std::uint32_t> distances_from(const graph::HeapGraph& graph,
                                                 std::span<const graph::NodeIndex> starts,
                                                 graph::NodeIndex left_out) {
  std::vector<std::uint32_t> distances(graph.node_count(), analysis::kNotReached);
  for (const graph::NodeIndex start : starts) {
    if (start != left_out) distances[start] = 0;
  }
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (graph::EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
      const graph::NodeIndex from = graph.source(edge);
      const graph::NodeIndex to = graph.target(edge);
      if (graph.kind(edge).is_weak() || from == left_out || to == left_out) continue;
      if (distances[from] == analysis::kNotReached) continue;
      if (distances[from] + 1 >= distances[to]) continue;
      distances[to] = distances[from] + 1;
      has_changed = true;
    }
  }
  return distances;
}

/// From a start to the node over owned edges, no node twice.
inline void expect_valid(const analysis::ShortestPaths& forest, const analysis::Path& path,
                         graph::NodeIndex node) {
  const graph::HeapGraph& graph = forest.graph();
  EXPECT_EQ(forest.starts()[path.start_index], path.start);
  graph::NodeIndex at = path.start;
  std::set<graph::NodeIndex> seen{at};
  for (const graph::EdgeIndex edge : path.edges) {
    EXPECT_EQ(graph.source(edge), at);
    EXPECT_TRUE(graph.kind(edge).is_owned());
    at = graph.target(edge);
    EXPECT_TRUE(seen.insert(at).second) << "twice: " << at;
  }
  EXPECT_EQ(at, node);
}

}  // namespace ouro::test
