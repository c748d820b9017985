// Looks into the objects of a captured heap, as Python's getattr and [] would, but at what is in
// the graph alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graph/heap_graph.hpp"

namespace ouro::python::heap {

class PythonObjects {
 public:
  explicit PythonObjects(const graph::HeapGraph& graph) : graph_(graph) {}

  /// In the object, or in its __dict__.
  std::optional<graph::NodeIndex> find_attribute(graph::NodeIndex object,
                                                 std::string_view name) const;
  /// The value behind a key, as the key is shown: "'alice'", "42".
  std::optional<graph::NodeIndex> find_value(graph::NodeIndex dict, std::string_view key) const;
  /// A string's text; nothing where it is no plain one.
  std::optional<std::string> find_text(graph::NodeIndex object) const;

  std::string_view type_name(graph::NodeIndex object) const {
    return graph_.short_type_name(graph_.type(object));
  }

 private:
  const graph::HeapGraph& graph_;
};

}  // namespace ouro::python::heap
