#include "python/heap/python_objects.hpp"

#include "python/heap/name_texts.hpp"

namespace ouro::python::heap {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::NodeIndex;

std::optional<NodeIndex> PythonObjects::find_attribute(NodeIndex object,
                                                       std::string_view name) const {
  std::optional<NodeIndex> dict;
  for (EdgeIndex edge = graph_.edges_begin(object); edge < graph_.edges_end(object); ++edge) {
    const EdgeMeaning meaning = graph_.kind(edge).meaning();
    if (meaning != EdgeMeaning::kAttribute && meaning != EdgeMeaning::kVariable) continue;
    const std::string_view label = graph_.string(graph_.edge_name(edge));
    if (label == name) return graph_.target(edge);
    if (label == "__dict__") dict = graph_.target(edge);
  }
  if (!dict) return std::nullopt;
  return find_value(*dict, '\'' + std::string(name) + '\'');
}

std::optional<NodeIndex> PythonObjects::find_value(NodeIndex dict, std::string_view key) const {
  for (EdgeIndex edge = graph_.edges_begin(dict); edge < graph_.edges_end(dict); ++edge) {
    if (graph_.kind(edge).meaning() != EdgeMeaning::kValue) continue;
    if (graph_.string(graph_.edge_name(edge)) == key) return graph_.target(edge);
  }
  return std::nullopt;
}

std::optional<std::string> PythonObjects::find_text(NodeIndex object) const {
  const std::string_view preview = graph_.preview(object);
  const std::string_view text = without_quotes(preview);
  if (text.size() == preview.size()) return std::nullopt;
  return std::string(text);
}

}  // namespace ouro::python::heap
