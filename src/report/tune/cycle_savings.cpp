#include "report/tune/cycle_savings.hpp"

#include <functional>

#include "analysis/cycles_of_heap.hpp"
#include "base/sort_stably.hpp"
#include "report/cycles.hpp"

namespace ouro::report {

CycleSavings cycle_savings(const graph::HeapGraph& graph, Progress* progress) {
  // Cycles through classes and modules, too: what is dropped may be such.
  const analysis::CyclesOfHeap of_heap =
      analysis::cycles_of_heap(graph, analysis::StructureCycles::kShown, progress);
  CycleSavings savings;
  for (const analysis::CycleShape& shape : of_heap.cycles.shapes) {
    const std::uint64_t objects = shape.all.objects - shape.held.objects;
    if (objects == 0) continue;
    savings.objects += objects;
    savings.bytes += shape.all.size_bytes - shape.held.size_bytes;
    savings.rows.push_back(
        {.cut = cut_of(shape),
         .shape = analysis::to_string(shape.steps),
         .cycles = shape.all.components - shape.held.components,
         .objects = objects,
         .freed = shape.cut.freed.objects - shape.cut.freed_held.objects,
         .freed_bytes = shape.cut.freed.size_bytes - shape.cut.freed_held.size_bytes});
  }
  sort_stably(savings.rows, std::ranges::greater{}, &CycleSaving::freed);
  return savings;
}

}  // namespace ouro::report
