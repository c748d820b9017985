#include "report/retained.hpp"

#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

std::string to_text(const RetainedView& view, const graph::HeapGraph& graph,
                    const ObjectNames& names, std::size_t width) {
  std::string text;
  if (view.of == graph::kNoNode) {
    text = wrapped(format_bytes(view.whole_bytes) +
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
  Table table({{"retained"}, {"share"}, {"itself"}, {"object", Align::kLeft, Shrink::kWhenNeeded}});
  for (const RetainedRow& row : view.rows) {
    table.add({format_bytes(row.retained_bytes), percentage(row.retained_bytes, whole),
               format_bytes(graph.size_bytes(row.node)), names.described(row.node)});
  }
  return text + table.to_text(width);
}

Json to_json(const RetainedView& view, const ObjectNames& names) {
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
    json["objects"].push_back(
        {{"object", names.json(row.node)}, {"retained_bytes", row.retained_bytes}});
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
