#include "report/retained.hpp"

#include <algorithm>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/retained.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

constexpr std::size_t kMostPackages = 10;

std::string name_of(const analysis::PackageShare& share) {
  switch (share.kind) {
    case analysis::ShareKind::kShared:
      return "(shared by several)";
    case analysis::ShareKind::kLocals:
      return "(local variables of running functions)";
    case analysis::ShareKind::kRest:
      return "(C code, the interpreter)";
    default:
      return share.package;
  }
}

std::string packages_text(const RetainedView& view, std::size_t width) {
  if (view.packages.empty()) return "";
  Table table({{"bytes"}, {"share"}, {"objects"}, {"package", Align::kLeft, Shrink::kWhenNeeded}});
  const std::size_t shown = std::min(kMostPackages, view.packages.size());
  for (std::size_t at = 0; at < shown; ++at) {
    const analysis::PackageShare& share = view.packages[at];
    table.add({format_bytes(share.amount.bytes), percentage(share.amount.bytes, view.whole_bytes),
               with_separators(share.amount.count), name_of(share)});
  }
  std::string text = wrapped(
      "What the modules, classes and functions of a package lead to, and those of no other:",
      width);
  text += '\n' + table.to_text(width);
  if (shown < view.packages.size()) {
    text += "... and " + counted(view.packages.size() - shown, "package") + " more (--json)\n";
  }
  return text + '\n';
}

std::vector<RetainedRow> rows_of(const analysis::DominatorTree& tree,
                                 const std::vector<graph::NodeIndex>& nodes) {
  std::vector<RetainedRow> rows;
  for (const graph::NodeIndex node : nodes) rows.push_back({node, tree.retained_bytes(node)});
  return rows;
}

}  // namespace

Result<RetainedView> retained_view(const graph::HeapGraph& graph, const ObjectNames& names,
                                   graph::NodeIndex node, std::size_t most_rows,
                                   Progress* progress) {
  const analysis::DominatorTree tree = analysis::dominators(graph, progress);
  const std::size_t most = most_rows == 0 ? graph.node_count() : most_rows;
  RetainedView view;
  view.whole_bytes = tree.retained_bytes(tree.virtual_root());
  if (node == graph::kNoNode) {
    view.rows = rows_of(tree, analysis::greatest_retainers(tree, most));
    view.packages = analysis::package_shares(graph);
    return view;
  }
  if (!tree.is_reachable(node)) {
    return Error{ErrorCode::kNotFound, "",
                 "no root leads to " + names.name(node) +
                     ", so it retains nothing; `ouro garbage` lists such objects"};
  }
  view.of = node;
  view.retained_bytes = tree.retained_bytes(node);
  constexpr std::size_t kMostDominators = 4;
  for (graph::NodeIndex above = tree.immediate_dominator(node);
       above != tree.virtual_root() && view.dominators.size() < kMostDominators;
       above = tree.immediate_dominator(above)) {
    view.dominators.push_back(above);
  }
  const analysis::DominatorOrder order(tree);
  view.rows = rows_of(tree, analysis::greatest_children(tree, order, node, most));
  return view;
}

std::string to_text(const RetainedView& view, const graph::HeapGraph& graph, const Places& places,
                    const ObjectNames& names, std::size_t width) {
  std::string text;
  if (view.of == graph::kNoNode) {
    text = packages_text(view, width);
    text += wrapped(format_bytes(view.whole_bytes) +
                        " are held by roots. If an object goes, what it retains goes with it:",
                    width) +
            '\n';
  } else {
    text = names.described(view.of) + " retains " + format_bytes(view.retained_bytes) + ", " +
           percentage(view.retained_bytes, view.whole_bytes) + " of what roots hold. ";
    if (!view.dominators.empty()) {
      text += "It is held by " + names.described(view.dominators.front()) + " alone";
      for (std::size_t at = 1; at < view.dominators.size(); ++at) {
        text += (at == 1 ? ", that by " : ", that by ") + names.described(view.dominators[at]);
      }
      text += ".";
    } else {
      text += "No single object holds it.";
    }
    if (view.rows.empty()) return wrapped(text + " It holds no other object alone.", width);
    text = wrapped(text, width) + "Of that, by what it holds alone:\n\n";
  }
  const std::uint64_t whole = view.of == graph::kNoNode ? view.whole_bytes : view.retained_bytes;
  Table table({{"retained"},
               {"share"},
               {"itself"},
               {"object", Align::kLeft, Shrink::kWhenNeeded},
               {"", Align::kLeft, Shrink::kWhenNeeded}});
  for (const RetainedRow& row : view.rows) {
    table.add({format_bytes(row.retained_bytes), percentage(row.retained_bytes, whole),
               format_bytes(graph.size_bytes(row.node)), names.described(row.node),
               places.expression(row.node)});
  }
  return text + table.to_text(width);
}

Json to_json(const RetainedView& view, const Places& places, const ObjectNames& names) {
  Json json{{"held_bytes", view.whole_bytes}};
  if (view.of != graph::kNoNode) {
    json["object"] = names.json(view.of);
    json["retained_bytes"] = view.retained_bytes;
    json["dominators"] = Json::array();
    for (const graph::NodeIndex node : view.dominators) {
      json["dominators"].push_back(names.json(node));
    }
  }
  json["objects"] = Json::array();
  for (const RetainedRow& row : view.rows) {
    json["objects"].push_back({{"object", names.json(row.node)},
                               {"place", places.expression(row.node)},
                               {"retained_bytes", row.retained_bytes}});
  }
  if (view.of != graph::kNoNode) return json;
  json["packages"] = Json::array();
  for (const analysis::PackageShare& share : view.packages) {
    json["packages"].push_back({{"package", name_of(share)},
                                {"objects", share.amount.count},
                                {"bytes", share.amount.bytes}});
  }
  return json;
}

std::string set_text(std::size_t set_size, const analysis::Amount& retained,
                     const std::string& query, std::size_t width) {
  return wrapped("If the " + counted(set_size, "object") + " that fit '" + query + "' went, " +
                     counted(retained.count, "object") + " would be freed, " +
                     format_bytes(retained.bytes) + ".",
                 width);
}

Json set_json(std::size_t set_size, const analysis::Amount& retained, const std::string& query) {
  return {{"query", query},
          {"set_size", set_size},
          {"retained_objects", retained.count},
          {"retained_bytes", retained.bytes}};
}

}  // namespace ouro::report
