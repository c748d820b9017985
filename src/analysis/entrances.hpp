// Where the rest of the program enters the cycles: nodes on cycles that a root, or an owning edge
// from outside of their component, refers to. They stay alive when a reference to them within the
// component is made weak; the others may live by that reference alone.
//
//   registry -> connection <=> handler        connection is an entrance, handler is none
//
// Time: O(nodes + edges), nearly all of it a look at one bit an edge. Memory: two bits a node.
#pragma once

#include "analysis/components.hpp"
#include "analysis/node_set.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

NodeSet entrances(const graph::HeapGraph& graph, const Components& components);

}  // namespace ouro::analysis
