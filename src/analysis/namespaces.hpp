// Dicts in which an object keeps its attributes, as CPython's do: nothing else refers to them and
// no root holds them. fold_namespaces.hpp says what becomes of them.
#pragma once

#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::analysis {

struct Namespace {
  graph::NodeIndex owner;
  graph::NodeIndex dict;
};

/// All, by dict. Needs Part::kNodes, kEdges and kEdgeLabels. Time: two passes over the references.
std::vector<Namespace> find_namespaces(const graph::HeapGraph& graph);

/// Whether a reference of such a dict is that to an attribute of the owner: to the value of a key
/// that is a str.
bool is_attribute_of_owner(const graph::HeapGraph& graph, graph::EdgeIndex edge);

}  // namespace ouro::analysis
