#include "analysis/namespaces.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "analysis/node_set.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;
using graph::StringIndex;

namespace {

std::optional<StringIndex> find_string(const HeapGraph& graph, std::string_view text) {
  const graph::Strings& strings = graph.columns().strings;
  const auto begins = strings.begins();
  for (StringIndex index = 0; index < strings.size(); ++index) {
    // Its length first: most have another, and the bytes stay where they are.
    if (begins[index + 1] - begins[index] == text.size() && strings[index] == text) return index;
  }
  return std::nullopt;
}

/// All references of the name to a dict, by dict.
std::vector<Namespace> find_dicts_named(const HeapGraph& graph, StringIndex name) {
  std::vector<Namespace> found;
  graph.columns().names.for_each([&](EdgeIndex edge, std::uint64_t edge_name) {
    if (edge_name != name || !graph.kind(edge).is_owned()) return;
    if (graph.kind(edge).meaning() != EdgeMeaning::kAttribute) return;
    const NodeIndex dict = graph.target(edge);
    if (graph.short_type_name(graph.type(dict)) != "dict") return;
    found.push_back({graph.source(edge), dict});
  });
  std::ranges::sort(found, {}, &Namespace::dict);
  return found;
}

/// Those whose dict has no other reference and no root.
std::vector<Namespace> only_private(const HeapGraph& graph, const std::vector<Namespace>& all) {
  NodeSet candidates(graph.node_count());
  NodeSet shared(graph.node_count());
  for (const Namespace& one : all) candidates.insert(one.dict);
  for (const graph::Root& root : graph.roots()) shared.insert(root.node);
  NodeSet seen(graph.node_count());
  for (const NodeIndex target : graph.all_targets()) {
    if (candidates.contains(target) && !seen.insert(target)) shared.insert(target);
  }
  std::vector<Namespace> namespaces;
  for (const Namespace& one : all) {
    if (!shared.contains(one.dict) && one.owner != one.dict) namespaces.push_back(one);
  }
  return namespaces;
}

}  // namespace

std::vector<Namespace> find_namespaces(const HeapGraph& graph) {
  if (graph.columns().names.size() == 0) return {};
  const auto name = find_string(graph, "__dict__");
  if (!name) return {};
  return only_private(graph, find_dicts_named(graph, *name));
}

bool is_attribute_of_owner(const HeapGraph& graph, EdgeIndex edge) {
  if (graph.kind(edge).meaning() != EdgeMeaning::kValue) return false;
  const std::string_view name = graph.string(graph.edge_name(edge));
  return !name.empty() && (name.front() == '\'' || name.front() == '"');
}

}  // namespace ouro::analysis
