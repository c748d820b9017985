#include "analysis/type_totals.hpp"

#include <algorithm>
#include <tuple>

namespace ouro::analysis {

std::vector<TypeTotal> type_totals(const graph::HeapGraph& graph, Progress* progress) {
  constexpr graph::NodeIndex kNodesAStep = 1u << 20;
  std::vector<TypeTotal> totals(graph.type_count() + std::size_t{1});
  for (graph::TypeIndex type = 0; type < totals.size(); ++type) totals[type].type = type;
  if (progress != nullptr) progress->begin("counting objects", graph.node_count());
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    totals[graph.type(node)].amount.add(graph.size_bytes(node));
    if (progress != nullptr && node % kNodesAStep == 0) progress->advance(node);
  }
  std::erase_if(totals, [](const TypeTotal& total) { return total.amount.count == 0; });
  std::ranges::sort(totals, [](const TypeTotal& a, const TypeTotal& b) {
    return std::tuple(b.amount.bytes, b.amount.count, a.type) <
           std::tuple(a.amount.bytes, a.amount.count, b.type);
  });
  return totals;
}

}  // namespace ouro::analysis
