// Which references to make weak so that the collector has less to free: from a snapshot of a
// program whose collector was disabled, in which all cycles that it has dropped still lie.
//
// What a cut frees by counts alone never comes before the collector; nor does the program then have
// so many more objects than before, by which collections are triggered. So a cut that frees a part
// of all objects in dropped cycles saves up to that part of the collector's time; what it takes to
// free them it takes then, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/cycles.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::report {

struct CycleSaving {
  std::string cut;            ///< "Monster._dungeon"
  std::string shape;          ///< "Dungeon._monsters[] -> Monster._dungeon ->"
  std::uint64_t cycles = 0;   ///< dropped ones: components that nothing holds
  std::uint64_t objects = 0;  ///< in them
  std::uint64_t freed = 0;    ///< of these by counts alone, once cut
  std::uint64_t freed_bytes = 0;
};

struct CycleSavings {
  std::uint64_t objects = 0;  ///< in all dropped cycles
  std::uint64_t bytes = 0;
  std::vector<CycleSaving> rows;  ///< most freed first

  /// The part of all objects that a cut frees, from 0 to 1.
  double part(const CycleSaving& row) const {
    return objects == 0 ? 0 : static_cast<double>(row.freed) / static_cast<double>(objects);
  }
};

CycleSavings cycle_savings(const graph::HeapGraph& graph, Progress* progress = nullptr);

}  // namespace ouro::report
