// The reference cycles of a heap as a person wants them: first those of the application's classes,
// then those of installed packages, then the library's; and without those that every Python
// program has, through its classes and modules (program_structure.hpp).
#pragma once

#include <vector>

#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/type_origins.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

enum class StructureCycles { kHidden, kShown };

struct CyclesOfHeap {
  /// Within an origin as find_cycles() gives them.
  Cycles cycles;
  /// By shape: that of its class nearest to the application.
  std::vector<TypeOrigin> origins;
  /// References to classes and modules were not followed.
  bool is_structure_hidden = false;
};

CyclesOfHeap cycles_of_heap(const graph::HeapGraph& graph, StructureCycles structure,
                            Progress* progress = nullptr);

}  // namespace ouro::analysis
