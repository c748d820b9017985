// What roots still reach once some nodes are gone: the definition of what these retain.
#pragma once

#include <span>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::test {

/// By node. Weak edges do not count.
std::vector<bool> reached_without(const graph::HeapGraph& graph,
                                  std::span<const graph::NodeIndex> starts,
                                  std::span<const graph::NodeIndex> removed);

}  // namespace ouro::test
