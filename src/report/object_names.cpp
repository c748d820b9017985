#include "report/object_names.hpp"

#include "base/utf8.hpp"

#include <array>
#include <cstdio>
#include <unordered_map>

namespace ouro::report {

namespace {

constexpr graph::NodeIndex kBlock = 512;

std::string hexadecimal(std::uint64_t address) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(address));
  return text.data();
}

}  // namespace

ObjectNames::ObjectNames(const graph::HeapGraph& graph) : graph_(graph) {
  name_types();
  count_blocks();
}

void ObjectNames::name_types() {
  std::unordered_map<std::string_view, std::uint32_t> types_by_name;
  for (graph::TypeIndex type = 0; type < graph_.type_count(); ++type) {
    ++types_by_name[graph_.short_type_name(type)];
  }
  for (graph::TypeIndex type = 0; type < graph_.type_count(); ++type) {
    const std::string_view name = graph_.short_type_name(type);
    type_names_.push_back(types_by_name[name] == 1 ? std::string(name) : graph_.type_name(type));
  }
  type_names_.push_back(graph_.type_name(graph_.type_count()));  // of a type that is none
}

void ObjectNames::count_blocks() {
  std::vector<std::uint32_t> counts(type_names_.size(), 0);
  std::vector<std::uint32_t> blocks_met(type_names_.size(), 0);  // the last block, from 1
  for (graph::NodeIndex node = 0; node < graph_.node_count(); ++node) {
    if (node % kBlock == 0) block_begins_.push_back(static_cast<std::uint32_t>(counts_.size()));
    const graph::TypeIndex type = graph_.type(node);
    const std::uint32_t block = node / kBlock + 1;
    if (blocks_met[type] != block) {
      blocks_met[type] = block;
      counts_.push_back({type, counts[type]});
    }
    ++counts[type];
  }
  block_begins_.push_back(static_cast<std::uint32_t>(counts_.size()));
}

std::uint32_t ObjectNames::rank(graph::NodeIndex node) const {
  const graph::TypeIndex type = graph_.type(node);
  const graph::NodeIndex block = node / kBlock;
  std::uint32_t at = block_begins_[block];
  while (counts_[at].type != type) ++at;
  std::uint32_t rank = counts_[at].count;
  for (graph::NodeIndex other = block * kBlock; other <= node; ++other) {
    rank += graph_.type(other) == type ? 1u : 0u;
  }
  return rank;
}

std::string ObjectNames::name(graph::NodeIndex node) const {
  const graph::TypeIndex type = graph_.type(node);
  const std::string type_text = type < type_names_.size() ? type_names_[type] : "?";
  return type_text + '#' + std::to_string(rank(node));
}

std::string ObjectNames::described(graph::NodeIndex node) const {
  const std::string_view preview = graph_.preview(node);
  return preview.empty() ? name(node) : name(node) + ' ' + printable(preview);
}

Json ObjectNames::json(graph::NodeIndex node) const {
  Json object;
  object["name"] = name(node);
  object["node"] = node;
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
