// Collects, and says by shape what the collector found.
//
// The collector is told to keep what it finds (gc::DEBUG_SAVEALL). Only where there is something
// the heap is made a graph, whose cycles among the kept objects are grouped by shape
// (analysis/cycles.hpp); then they are let go. Where tests leave no cycles that is one collection
// and no more.
#pragma once

#include <cstddef>
#include <vector>

#include <ouro/testing/leaks.hpp>

namespace ouro::testing {

struct CyclesFound {
  std::vector<CyclesLeft> cycles;
  std::size_t objects = 0;  ///< all that was found unreachable
};

CyclesFound collect_cycles();

}  // namespace ouro::testing
