#include "analysis/type_origins.hpp"

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
  if (module == "__main__") return TypeOrigin::kApplication;
  const bool is_none = file.empty() || file.front() != '\'';  // None, of a namespace package
  return is_none ? TypeOrigin::kLibrary : TypeOrigins::of_file(file);
}

}  // namespace

TypeOrigin TypeOrigins::of_file(std::string_view path) {
  const auto has = [&](std::string_view part) { return path.find(part) != std::string_view::npos; };
  if (has("/site-packages/") || has("/dist-packages/")) return TypeOrigin::kPackage;
  // "<frozen runpy>", "<string>": of the interpreter's own, or of nobody in particular.
  if (has("/lib/python3") || has("/lib64/python3") || has("<")) return TypeOrigin::kLibrary;
  return TypeOrigin::kApplication;
}

TypeOrigin TypeOrigins::of_module(std::string_view module) const {
  const auto found = origin_by_module_.find(module);
  if (found != origin_by_module_.end()) return found->second;
  // A class of a module that is gone, or in C of one that is none, is nobody's own.
  return origin_by_module_.empty() ? TypeOrigin::kApplication : TypeOrigin::kLibrary;
}

TypeOrigins::TypeOrigins(const HeapGraph& graph) {
  for (const graph::Root& root : graph.roots()) {
    const std::string_view name = graph.string(root.name);
    if (root.kind != graph::RootKind::kGlobal || !name.starts_with(kModule)) continue;
    if (graph.short_type_name(graph.type(root.node)) != "dict") continue;
    const std::string_view module = name.substr(kModule.size());
    origin_by_module_.try_emplace(std::string(module),
                                  origin_of(module, file_in(graph, root.node)));
  }
  for (const graph::TypeRow& type : graph.types()) {
    origin_by_type_.push_back(of_module(graph.string(type.module)));
  }
}

}  // namespace ouro::analysis
