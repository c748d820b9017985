// How many objects of each type there are, and how many bytes they take. One pass over two columns,
// which a graph larger than memory answers at the speed of its disk.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/amount.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

struct TypeTotal {
  graph::TypeIndex type = 0;
  Amount amount;
};

/// A row for each type that has objects, by falling bytes, then by falling count, then by type.
/// Needs Part::kNodes.
std::vector<TypeTotal> type_totals(const graph::HeapGraph& graph, Progress* progress = nullptr);

}  // namespace ouro::analysis
