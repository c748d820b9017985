// What may leak in a Python program besides places where objects pile up in the dominator tree
// (analysis/leak_suspects.hpp):
//
//   held from C      objects that nothing in Python refers to: a C extension keeps them, or has
//                    forgotten to give its references back
//   threads alike    many threads that stand at the same place, each with its frames' variables
//   garbage          much cyclic garbage that the collector has not found yet
//
// Time: a pass over the references, and over the facts. Memory: a bit a node.
#pragma once

#include <vector>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/type_origins.hpp"
#include "graph/heap_graph.hpp"
#include "report/garbage.hpp"
#include "report/leaks.hpp"

namespace ouro::report {

/// In no order. Empty where the graph is no CPython's.
std::vector<SuspectView> python_suspects(const graph::HeapGraph& graph,
                                         const analysis::DominatorTree& tree,
                                         const analysis::DominatorOrder& order,
                                         const analysis::TypeOrigins& origins,
                                         const GarbageView& garbage);

}  // namespace ouro::report
