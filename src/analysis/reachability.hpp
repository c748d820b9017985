// Which nodes can be reached from given ones.
//
// Depth first with an explicit stack, each node pushed once: the last node found is mostly the
// neighbour in memory of the one before. Time: O(nodes + edges); memory: a bit a node, and 4 bytes
// for each node on the stack.
#pragma once

#include <span>
#include <vector>

#include "analysis/edge_filter.hpp"
#include "analysis/node_set.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// The start nodes and all that they reach. Start nodes may repeat.
NodeSet reachable_from(const graph::HeapGraph& graph, std::span<const graph::NodeIndex> starts,
                       EdgeFilter filter = EdgeFilter::kOwned, Progress* progress = nullptr);

/// What the roots of the graph reach.
NodeSet reachable_from_roots(const graph::HeapGraph& graph, EdgeFilter filter = EdgeFilter::kOwned,
                             Progress* progress = nullptr);

/// The nodes of the roots, each once, in rising order.
std::vector<graph::NodeIndex> root_nodes(const graph::HeapGraph& graph);

/// The nodes that are not in the set, in their order.
std::vector<graph::NodeIndex> nodes_outside(const NodeSet& set);

}  // namespace ouro::analysis
