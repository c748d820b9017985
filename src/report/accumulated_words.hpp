// What very many objects in one place are, in words of Python, where their type alone says little:
// which functions, what bound methods and unfinished generators keep alive, that exceptions keep
// tracebacks.
//
//   500 functions, most of them open_window.<locals>.<lambda> ... They keep 500 Window alive.
//
// Time: some references around at most 1,000 of the objects.
#pragma once

#include <span>
#include <string>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/type_origins.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::report {

/// "500 functions", "300 classes", "412 objects of type Connection".
std::string counted_objects(const graph::HeapGraph& graph, std::uint64_t count,
                            graph::TypeIndex type);

/// Of objects of one type: which they are, what most keep alive. Sentences, each with a blank
/// before; maybe none.
std::string more_of_objects(const graph::HeapGraph& graph, const analysis::DominatorTree& tree,
                            const analysis::DominatorOrder& order,
                            const analysis::TypeOrigins& origins, graph::TypeIndex type,
                            std::span<const graph::NodeIndex> objects);

/// Sentences that go behind the suspect's own, each with a blank before; maybe none.
std::string more_of_accumulated(const graph::HeapGraph& graph, const analysis::DominatorTree& tree,
                                const analysis::DominatorOrder& order,
                                const analysis::TypeOrigins& origins,
                                const analysis::LeakSuspect& suspect);

}  // namespace ouro::report
