#include "analysis/type_origins.hpp"

#include <map>
#include <string_view>

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

constexpr std::string_view kModule = "module ";

std::string_view file_in(const HeapGraph& graph, NodeIndex dict) {
  for (EdgeIndex edge = graph.edges_begin(dict); edge < graph.edges_end(dict); ++edge) {
    if (graph.kind(edge).meaning() != EdgeMeaning::kValue) continue;
    if (graph.string(graph.edge_name(edge)) == "'__file__'") {
      return graph.preview(graph.target(edge));
    }
  }
  return {};
}

TypeOrigin origin_of(std::string_view module, std::string_view file) {
  const auto has = [&](std::string_view part) { return file.find(part) != std::string_view::npos; };
  if (module == "__main__") return TypeOrigin::kApplication;
  if (has("/site-packages/") || has("/dist-packages/")) return TypeOrigin::kPackage;
  const bool is_none = file.empty() || file.front() != '\'';  // None, of a namespace package
  if (is_none || has("/lib/python3") || has("/lib64/python3")) return TypeOrigin::kLibrary;
  return TypeOrigin::kApplication;
}

}  // namespace

TypeOrigins::TypeOrigins(const HeapGraph& graph) {
  std::map<std::string_view, TypeOrigin> origin_by_module;
  for (const graph::Root& root : graph.roots()) {
    const std::string_view name = graph.string(root.name);
    if (root.kind != graph::RootKind::kGlobal || !name.starts_with(kModule)) continue;
    if (graph.short_type_name(graph.type(root.node)) != "dict") continue;
    const std::string_view module = name.substr(kModule.size());
    origin_by_module.try_emplace(module, origin_of(module, file_in(graph, root.node)));
  }
  for (const graph::TypeRow& type : graph.types()) {
    const auto found = origin_by_module.find(graph.string(type.module));
    const bool is_known = found != origin_by_module.end();
    // A class of a module that is gone, or in C of one that is none, is nobody's own.
    const TypeOrigin unknown =
        origin_by_module.empty() ? TypeOrigin::kApplication : TypeOrigin::kLibrary;
    origin_by_type_.push_back(is_known ? found->second : unknown);
  }
}

}  // namespace ouro::analysis
