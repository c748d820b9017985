// The oracles' view of a graph: who refers to whom, by the definition.
#pragma once

#include <vector>

#include "analysis/edge_filter.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::test {

/// matrix[a][b]: how many edges a has to b that the filter lets pass.
using EdgeMatrix = std::vector<std::vector<unsigned>>;

inline EdgeMatrix edge_matrix(const graph::HeapGraph& graph, analysis::EdgeFilter filter) {
  EdgeMatrix matrix(graph.node_count(), std::vector<unsigned>(graph.node_count()));
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    for (graph::EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      if (passes(filter, graph.kind(edge))) ++matrix[node][graph.target(edge)];
    }
  }
  return matrix;
}

/// closure[a][b]: whether one or more edges lead from a to b. Warshall's algorithm.
inline std::vector<std::vector<bool>> closure_of(const EdgeMatrix& matrix) {
  const std::size_t nodes = matrix.size();
  std::vector<std::vector<bool>> closure(nodes, std::vector<bool>(nodes));
  for (std::size_t a = 0; a < nodes; ++a) {
    for (std::size_t b = 0; b < nodes; ++b) closure[a][b] = matrix[a][b] != 0;
  }
  for (std::size_t via = 0; via < nodes; ++via) {
    for (std::size_t a = 0; a < nodes; ++a) {
      if (!closure[a][via]) continue;
      for (std::size_t b = 0; b < nodes; ++b) {
        if (closure[via][b]) closure[a][b] = true;
      }
    }
  }
  return closure;
}

inline constexpr analysis::EdgeFilter kAllFilters[] = {
    analysis::EdgeFilter::kAll, analysis::EdgeFilter::kOwned, analysis::EdgeFilter::kTraversed};

}  // namespace ouro::test
