#include "report/garbage.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "report/amount_json.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

std::size_t shown(std::size_t rows, std::size_t most_rows) {
  return most_rows == 0 ? rows : std::min(rows, most_rows);
}

std::string more_rows(std::size_t rows, std::size_t most_rows, const std::string& noun) {
  const std::size_t hidden = rows - shown(rows, most_rows);
  return hidden == 0 ? "" : "... and " + counted(hidden, noun) + " more; -n 0 shows all\n";
}

std::string no_garbage_text(std::uint64_t candidate_count) {
  if (candidate_count == 0) {
    return "There is no cyclic garbage: the snapshot has no object that the collector tracks.";
  }
  return "There is no cyclic garbage: " +
         (candidate_count == 1 ? "the only object that the collector tracks is"
                               : "all of the " + counted(candidate_count, "object") +
                                     " that the collector tracks are") +
         " held from outside.";
}

}  // namespace

GarbageView garbage_view(const analysis::Garbage& garbage, const graph::HeapGraph& graph) {
  GarbageView view;
  view.garbage = {garbage.garbage.nodes.size(), garbage.garbage.size_bytes};
  view.held_by_garbage = {garbage.held_by_garbage.nodes.size(), garbage.held_by_garbage.size_bytes};
  view.candidate_count = garbage.candidate_count;
  view.errors = garbage.errors;
  std::unordered_map<graph::TypeIndex, std::size_t> row_by_type;
  for (const analysis::NodeList* list : {&garbage.garbage, &garbage.held_by_garbage}) {
    for (const graph::NodeIndex node : list->nodes) {
      const auto [found, is_new] = row_by_type.try_emplace(graph.type(node), view.rows.size());
      if (is_new) view.rows.push_back({graph.type_name(graph.type(node)), {}, node});
      view.rows[found->second].amount.add(graph.size_bytes(node));
    }
  }
  std::ranges::sort(view.rows, [](const GarbageRow& a, const GarbageRow& b) {
    return std::tie(b.amount.bytes, a.example) < std::tie(a.amount.bytes, b.example);
  });
  return view;
}

std::string to_text(const GarbageView& view, const ObjectNames& names, std::size_t most_rows,
                    std::size_t width) {
  std::string text;
  if (view.garbage.count == 0) {
    text = wrapped(no_garbage_text(view.candidate_count), width);
  } else {
    text = "A collection now would free " + counted(view.garbage.count, "tracked object") + ", " +
           format_bytes(view.garbage.bytes);
    if (view.held_by_garbage.count > 0) {
      text += std::string(", and with ") + of_number(view.garbage.count, "it ", "them ") +
              counted(view.held_by_garbage.count, "object") + " that only " +
              of_number(view.garbage.count, "it holds, ", "they hold, ") +
              format_bytes(view.held_by_garbage.bytes);
    }
    text = wrapped(text + ".", width) + '\n';
    Table table({{"objects"},
                 {"bytes"},
                 {"type", Align::kLeft, Shrink::kWhenNeeded},
                 {"for example", Align::kLeft, Shrink::kWhenNeeded}});
    for (std::size_t at = 0; at < shown(view.rows.size(), most_rows); ++at) {
      const GarbageRow& row = view.rows[at];
      table.add({with_separators(row.amount.count), format_bytes(row.amount.bytes), row.type,
                 names.described(row.example)});
    }
    text += table.to_text(width) + more_rows(view.rows.size(), most_rows, "type");
  }
  if (!view.errors.empty()) {
    const std::uint64_t errors = view.errors.size();
    text += '\n' + wrapped("The snapshot contradicts itself: " + counted(errors, "object") + ' ' +
                               of_number(errors, "has", "have") + " more references than counted.",
                           width);
  }
  return text;
}

Json to_json(const GarbageView& view, const ObjectNames& names, std::size_t most_rows) {
  Json json{{"garbage", amount_json(view.garbage)},
            {"held_by_garbage", amount_json(view.held_by_garbage)},
            {"candidates", view.candidate_count},
            {"types", Json::array()},
            {"errors", Json::array()}};
  for (std::size_t at = 0; at < shown(view.rows.size(), most_rows); ++at) {
    const GarbageRow& row = view.rows[at];
    json["types"].push_back({{"type", row.type},
                             {"objects", row.amount.count},
                             {"bytes", row.amount.bytes},
                             {"example", names.json(row.example)}});
  }
  for (const analysis::NegativeCount& error : view.errors) {
    json["errors"].push_back({{"object", names.json(error.node)},
                              {"count", error.reference_count},
                              {"references", error.references_of_candidates}});
  }
  return json;
}

std::string unexplained_text(const analysis::UnexplainedCounts& counts,
                             const graph::HeapGraph& graph, const ObjectNames& names,
                             std::size_t most_rows, std::size_t width) {
  if (counts.by_node.empty()) return "Every reference count is explained.\n";
  const std::uint64_t objects = counts.by_node.size();
  std::string text =
      wrapped(
          counted(objects, "object") + ' ' + of_number(objects, "has a count", "have counts") +
              " that references and roots do not explain. More counts than references: something "
              "that the snapshot does not see holds it, such as C code. Fewer: an error.",
          width) +
      '\n';
  Table types(
      {{"objects"}, {"references"}, {"fewer"}, {"type", Align::kLeft, Shrink::kWhenNeeded}});
  for (std::size_t at = 0; at < shown(counts.by_type.size(), most_rows); ++at) {
    const analysis::UnexplainedOfType& row = counts.by_type[at];
    types.add({with_separators(std::uint64_t{row.surplus_nodes} + row.deficit_nodes),
               with_separators(row.surplus_references), with_separators(row.deficit_references),
               graph.type_name(row.type)});
  }
  text += types.to_text(width) + more_rows(counts.by_type.size(), most_rows, "type") + '\n';
  Table nodes({{"count"}, {"unexplained"}, {"object", Align::kLeft, Shrink::kWhenNeeded}});
  for (std::size_t at = 0; at < shown(counts.by_node.size(), most_rows); ++at) {
    const analysis::UnexplainedCount& row = counts.by_node[at];
    nodes.add({with_separators(row.reference_count), signed_number(row.difference),
               names.described(row.node)});
  }
  return text + nodes.to_text(width) + more_rows(counts.by_node.size(), most_rows, "object");
}

Json unexplained_json(const analysis::UnexplainedCounts& counts, const graph::HeapGraph& graph,
                      const ObjectNames& names, std::size_t most_rows) {
  Json json{
      {"objects", counts.by_node.size()}, {"types", Json::array()}, {"examples", Json::array()}};
  for (std::size_t at = 0; at < shown(counts.by_type.size(), most_rows); ++at) {
    const analysis::UnexplainedOfType& row = counts.by_type[at];
    json["types"].push_back({{"type", graph.type_name(row.type)},
                             {"surplus_objects", row.surplus_nodes},
                             {"surplus_references", row.surplus_references},
                             {"deficit_objects", row.deficit_nodes},
                             {"deficit_references", row.deficit_references}});
  }
  for (std::size_t at = 0; at < shown(counts.by_node.size(), most_rows); ++at) {
    const analysis::UnexplainedCount& row = counts.by_node[at];
    json["examples"].push_back({{"object", names.json(row.node)}, {"unexplained", row.difference}});
  }
  return json;
}

}  // namespace ouro::report
