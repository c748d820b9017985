// What a Python program consists of, apart from what it works on: its modules, its classes, and
// their namespaces.
//
// Every function refers to the namespace of its module, every method and instance to its class, and
// these to each other: in the graph of a whole interpreter all of it is one component, together
// with whatever a global variable leads to. A cycle of the application is one that is left without
// the references to that structure:
//
//   Connection -> class Connection -> module __main__ -> _CONNECTIONS -> Connection     not this
//   one Connection -> ConnectionHandler -> Connection                                       but
//   this one
//
// Time: a pass over the nodes and one over the references. Memory: a bit a node, a byte an edge.
#pragma once

#include "analysis/node_set.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// Classes, modules, and the dicts that are a module's or a class's __dict__. Empty where the graph
/// has none. Needs Part::kNodes, kEdges and kEdgeLabels.
NodeSet program_structure(const graph::HeapGraph& graph);

/// The same graph with all references to these nodes weak. The same memory where there are none.
graph::HeapGraph without_references_to(const graph::HeapGraph& graph, const NodeSet& nodes);

}  // namespace ouro::analysis
