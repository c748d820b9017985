#include "analysis/cycles_of_heap.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "analysis/program_structure.hpp"
#include "analysis/reachability.hpp"

namespace ouro::analysis {

namespace {

TypeOrigin nearest_origin(const graph::HeapGraph& graph, const TypeOrigins& origins,
                          const CycleShape& shape) {
  TypeOrigin nearest = TypeOrigin::kLibrary;
  for (const graph::EdgeIndex edge : shape.example) {
    nearest = std::min(nearest, origins.of(graph.type(graph.source(edge))));
  }
  return nearest;
}

void sort_by_origin(CyclesOfHeap& of_heap) {
  std::vector<std::uint32_t> order(of_heap.origins.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {},
                    [&](std::uint32_t shape) { return std::pair(of_heap.origins[shape], shape); });
  CyclesOfHeap sorted{.cycles = {}, .origins = {}, .is_structure_hidden = {}};
  std::vector<std::uint32_t> place_by_shape(order.size());
  for (const std::uint32_t shape : order) {
    place_by_shape[shape] = static_cast<std::uint32_t>(sorted.origins.size());
    sorted.cycles.shapes.push_back(std::move(of_heap.cycles.shapes[shape]));
    sorted.origins.push_back(of_heap.origins[shape]);
  }
  of_heap.cycles.shapes = std::move(sorted.cycles.shapes);
  of_heap.origins = std::move(sorted.origins);
  for (std::uint32_t& shape : of_heap.cycles.shape_by_component) shape = place_by_shape[shape];
}

}  // namespace

CyclesOfHeap cycles_of_heap(const graph::HeapGraph& graph, StructureCycles structure,
                            Progress* progress) {
  CyclesOfHeap of_heap;
  graph::HeapGraph searched = graph;
  if (structure == StructureCycles::kHidden) {
    searched = without_references_to(graph, program_structure(graph));
    of_heap.is_structure_hidden = searched.columns().kinds.data() != graph.columns().kinds.data();
  }
  const Components components(searched, EdgeFilter::kOwned, progress);
  const NodeSet held = reachable_from_roots(graph, EdgeFilter::kOwned, progress);
  of_heap.cycles = find_cycles(searched, components, held, progress);
  const TypeOrigins origins(graph);
  for (const CycleShape& shape : of_heap.cycles.shapes) {
    of_heap.origins.push_back(nearest_origin(graph, origins, shape));
  }
  sort_by_origin(of_heap);
  return of_heap;
}

}  // namespace ouro::analysis
