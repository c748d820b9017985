// What if the references to cut were weak: the same graph with those edges weak, each in the
// components of its shape. What cycles it still has are the next to look at:
//
//   for (HeapGraph graph = ...;; graph = without_cuts(graph, components, cycles)) {
//     components of graph; stop when there are none; cycles of graph
//   }
//
// It ends, since every round cuts an edge of every component. So a large component, as the core of
// an interpreter, comes apart into one shape after the other. Counts and sizes stay as they were.
//
// Time: O(nodes + edges). Memory: a byte an edge; all else is shared with the graph.
#pragma once

#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// `components` and `cycles` are those of the graph, over owned edges.
graph::HeapGraph without_cuts(const graph::HeapGraph& graph, const Components& components,
                              const Cycles& cycles);

}  // namespace ouro::analysis
