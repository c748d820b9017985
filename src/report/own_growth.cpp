#include "report/own_growth.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/path_shapes.hpp"
#include "analysis/retained.hpp"
#include "analysis/type_origins.hpp"
#include "base/sort_stably.hpp"

namespace ouro::report {

namespace {

/// New objects of the application's own classes, by type's name.
std::map<std::string, std::vector<graph::NodeIndex>, std::less<>> own_nodes(
    const analysis::Diff& diff, const graph::HeapGraph& graph) {
  const analysis::TypeOrigins origins(graph);
  std::map<std::string, std::vector<graph::NodeIndex>, std::less<>> nodes_by_type;
  for (const graph::NodeIndex node : diff.appeared_nodes) {
    const graph::TypeIndex type = graph.type(node);
    if (origins.of(type) == analysis::TypeOrigin::kLibrary || graph.flags(node).is_type()) continue;
    nodes_by_type[graph.type_name(type)].push_back(node);
  }
  return nodes_by_type;
}

}  // namespace

std::string place_of_new(const analysis::Diff& diff, const analysis::TypeGrowth& row,
                         const Places& places, const ObjectNames& names) {
  const analysis::Holder& holder = row.holder;
  if (row.unreached.count * 2 > row.appeared.count) return analysis::kTextOfNoPath;
  if (holder.count == 0) return "";
  if (holder.node == graph::kNoNode) return "roots";
  if (holder.count * 2 < row.appeared.count) {
    const auto shape = std::ranges::find(diff.shapes, row.type, &analysis::ShapeGrowth::type);
    if (shape != diff.shapes.end() && !shape->holder_type.empty()) {
      return shape->holder_type + shape->shape;
    }
  }
  const std::string place = places.expression(holder.node);
  return place.empty() ? names.name(holder.node) : place;
}

std::vector<OwnGrowth> own_growth(const analysis::Diff& diff, const graph::HeapGraph& after,
                                  const Places& places, const ObjectNames& names,
                                  Progress* progress) {
  if (!after.fact("runtime").starts_with("cpython")) return {};
  const auto nodes_by_type = own_nodes(diff, after);
  if (nodes_by_type.empty()) return {};
  const analysis::DominatorTree tree = analysis::dominators(after, progress);
  const analysis::DominatorOrder order(tree);
  std::vector<OwnGrowth> rows;
  for (const analysis::TypeGrowth& row : diff.types) {
    const auto nodes = nodes_by_type.find(row.type);
    if (nodes == nodes_by_type.end() || row.growth_count() <= 0) continue;
    std::vector<graph::NodeIndex> reached = nodes->second;
    std::erase_if(reached, [&](graph::NodeIndex node) { return !tree.is_reachable(node); });
    rows.push_back(
        {.type = row.type,
         .objects = row.growth_count(),
         .held_bytes = analysis::dominated_by(tree, order, reached).bytes + row.unreached.bytes,
         .place = place_of_new(diff, row, places, names)});
  }
  sort_stably(rows, std::ranges::greater{}, &OwnGrowth::held_bytes);
  return rows;
}

}  // namespace ouro::report
