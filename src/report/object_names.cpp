#include "report/object_names.hpp"

#include "base/utf8.hpp"

#include <array>
#include <cstdio>
#include <unordered_map>

namespace ouro::report {

namespace {

std::string hexadecimal(std::uint64_t address) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(address));
  return text.data();
}

}  // namespace

ObjectNames::ObjectNames(const graph::HeapGraph& graph) : graph_(graph) {
  std::unordered_map<std::string_view, std::uint32_t> types_by_name;
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    ++types_by_name[graph.short_type_name(type)];
  }
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    const std::string_view name = graph.short_type_name(type);
    type_names_.push_back(types_by_name[name] == 1 ? std::string(name) : graph.type_name(type));
  }
  type_names_.push_back(graph.type_name(graph.type_count()));  // of a type that is none
  std::vector<std::uint32_t> counts(type_names_.size(), 0);
  rank_by_node_.resize(graph.node_count());
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    rank_by_node_[node] = ++counts[graph.type(node)];
  }
}

std::string ObjectNames::name(graph::NodeIndex node) const {
  return type_names_[graph_.type(node)] + '#' + std::to_string(rank_by_node_[node]);
}

std::string ObjectNames::described(graph::NodeIndex node) const {
  const std::string_view preview = graph_.preview(node);
  return preview.empty() ? name(node) : name(node) + ' ' + printable(preview);
}

Json ObjectNames::json(graph::NodeIndex node) const {
  Json object;
  object["name"] = name(node);
  object["address"] = hexadecimal(graph_.address(node));
  object["type"] = graph_.type_name(graph_.type(node));
  object["size_bytes"] = graph_.size_bytes(node);
  object["count"] = graph_.reference_count(node);
  if (const std::string_view preview = graph_.preview(node); !preview.empty()) {
    object["preview"] = printable(preview);
  }
  return object;
}

}  // namespace ouro::report
