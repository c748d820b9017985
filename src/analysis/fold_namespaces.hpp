// The graph as a person thinks of it where an object keeps its attributes in a dict of its own, as
// CPython's do:
//
//   heap     Connection --.__dict__--> dict --['_handler']--> Handler
//   folded   Connection --._handler--> Handler
//            Connection --.__dict__--> dict                   (and its keys)
//
// So cycles, paths and pictures are the same whether a version of CPython keeps attributes in a
// dict or in the object, and the reference to cut is one that stands in the program.
//
// Folded are dicts that nothing else refers to and no root holds. Values keep as many references as
// they have: of each the source alone changes. What the dict itself holds, its keys, stays with it.
//
// Nodes keep their numbers, references do not: a path is to be read in the graph it was found in.
// Time: two passes over the references. Memory: where there is something to fold, the references
// once more; else nothing.
#pragma once

#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// Needs Part::kNodes, kEdges and kEdgeLabels. The same graph where there is nothing to fold.
graph::HeapGraph fold_namespaces(const graph::HeapGraph& graph);

}  // namespace ouro::analysis
