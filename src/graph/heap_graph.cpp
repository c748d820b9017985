#include "graph/heap_graph.hpp"

#include <algorithm>

namespace ouro::graph {

std::string_view name_of(EdgeMeaning meaning) {
  constexpr std::array<std::string_view, kMeaningCount> kNames{
      "attribute", "item", "key", "value", "element", "variable", "type", "other"};
  return kNames[static_cast<std::size_t>(meaning)];
}

std::string_view name_of(RootKind kind) {
  constexpr std::array<std::string_view, kRootKindCount> kNames{"outside", "local",    "global",
                                                                "static",  "immortal", "named"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view HeapGraph::preview(NodeIndex node) const {
  const auto found = std::ranges::lower_bound(columns_.preview_nodes, node);
  if (found == columns_.preview_nodes.end() || *found != node) return {};
  const auto at = static_cast<std::size_t>(found - columns_.preview_nodes.begin());
  return string(columns_.preview_texts[at]);
}

std::string_view HeapGraph::short_type_name(TypeIndex type) const {
  return type < columns_.types_table.size() ? string(columns_.types_table[type].name) : "node";
}

std::string HeapGraph::type_name(TypeIndex type) const {
  if (type >= columns_.types_table.size()) return "node";
  const std::string_view module = string(columns_.types_table[type].module);
  const bool goes_without_saying = module == "builtins" || module == "__main__";
  return goes_without_saying ? std::string(short_type_name(type)) : full_type_name(type);
}

std::string HeapGraph::full_type_name(TypeIndex type) const {
  const std::string name(short_type_name(type));
  if (type >= columns_.types_table.size()) return name;
  const std::string_view module = string(columns_.types_table[type].module);
  return module.empty() ? name : std::string(module) + '.' + name;
}

NodeIndex HeapGraph::source(EdgeIndex edge) const {
  // The last node that begins at or before the edge; of several that begin there only the last has
  // edges.
  const auto after = std::ranges::upper_bound(columns_.edge_begins, edge);
  return static_cast<NodeIndex>(after - columns_.edge_begins.begin() - 1);
}

namespace {

/// What is between the quotes of 'name', where it could be the name of an attribute; else nothing.
std::string_view identifier_in(std::string_view quoted) {
  if (quoted.size() < 3 || quoted.front() != '\'' || quoted.back() != '\'') return {};
  const std::string_view name = quoted.substr(1, quoted.size() - 2);
  const auto may_occur = [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') ||
           (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  };
  const bool begins_with_digit = name.front() >= '0' && name.front() <= '9';
  return std::ranges::all_of(name, may_occur) && !begins_with_digit ? name : std::string_view();
}

/// The name with the index at "[]", or as an attribute where neither says otherwise.
std::string compose(EdgeKind kind, std::string_view name, std::string_view index) {
  const auto bracketed = [](std::string_view text) { return '[' + std::string(text) + ']'; };
  switch (kind.meaning()) {
    case EdgeMeaning::kItem: {
      if (name.empty()) return bracketed(index);
      const std::size_t place = name.find("[]");
      std::string label = name.front() == '[' ? "" : ".";
      if (place == std::string_view::npos) return label.append(name).append(bracketed(index));
      label.append(name.substr(0, place + 1)).append(index);
      return label.append(name.substr(place + 1));
    }
    case EdgeMeaning::kKey:
      return name.empty() ? "[key]" : "[key " + std::string(name) + ']';
    case EdgeMeaning::kValue:
      return bracketed(name);
    case EdgeMeaning::kElement:
      return "{}";
    case EdgeMeaning::kType:
      return ".__class__";
    default:
      break;
  }
  return attribute_label(name);
}

}  // namespace

std::string attribute_label(std::string_view name) {
  if (name.empty()) return ".?";
  if (name.front() == '\'' || name.front() == '"') {
    const std::string_view identifier = identifier_in(name);
    return identifier.empty() ? '[' + std::string(name) + ']' : '.' + std::string(identifier);
  }
  const bool has_punctuation = name.front() == '[' || name.front() == '.';
  return has_punctuation ? std::string(name) : '.' + std::string(name);
}

std::string HeapGraph::edge_label(EdgeIndex edge) const {
  const EdgeKind edge_kind = kind(edge);
  const std::string_view name = string(edge_name(edge));
  return compose(edge_kind, name, std::to_string(edge_index(edge)));
}

namespace {

/// The label with nothing between its brackets; a bracket in a quoted key is none.
std::string without_keys(std::string_view label) {
  std::string shape;
  bool is_inside = false;
  char quote = 0;
  for (const char character : label) {
    if (quote != 0) {
      if (character == quote) quote = 0;
    } else if (is_inside && (character == '"' || character == '\'')) {
      quote = character;
    } else if (character == '[') {
      is_inside = true;
      shape += '[';
    } else if (character == ']') {
      is_inside = false;
      shape += ']';
    } else if (!is_inside) {
      shape += character;
    }
  }
  return shape;
}

}  // namespace

std::string HeapGraph::edge_shape(EdgeIndex edge) const {
  const EdgeKind edge_kind = kind(edge);
  switch (edge_kind.meaning()) {
    case EdgeMeaning::kKey:
      return "[key]";
    case EdgeMeaning::kValue:
      return "[]";
    default:
      return without_keys(compose(edge_kind, string(edge_name(edge)), ""));
  }
}

std::string_view HeapGraph::fact(std::string_view key) const {
  for (const FactRow& row : columns_.facts) {
    if (string(row.key) == key) return string(row.value);
  }
  return {};
}

}  // namespace ouro::graph
