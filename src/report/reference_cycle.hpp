// A shortest cycle through an object.
//
// Breadth first along the edges given, with the node each was found from, until an edge leads back
// to the start. Time: the edges looked at, at most `most_edges`; memory: 8 bytes and a hash entry a
// node found.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::report {

struct CycleLimits {
  std::size_t longest = 16;  ///< in edges
  std::uint64_t most_edges = 1u << 20;
};

/// start -> ... -> the node that refers to the start; {start} where it refers to itself; empty
/// where there is no cycle within the limits. Of equally short ones that of the earlier edges.
std::vector<graph::NodeIndex> shortest_cycle(
    const graph::HeapGraph& graph, graph::NodeIndex start,
    const std::function<bool(graph::EdgeIndex)>& is_followed, const CycleLimits& limits = {});

}  // namespace ouro::report
