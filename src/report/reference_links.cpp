#include "report/reference_links.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

#include <ouro/base/assert.hpp>

namespace ouro::report {

using graph::EdgeIndex;
using graph::NodeIndex;

ReferenceLinks::ReferenceLinks(const graph::HeapGraph& graph, const analysis::ReverseEdges* reverse,
                               Weak weak, Classes classes)
    : graph_(graph), reverse_(reverse), weak_(weak), classes_(classes) {
  const bool is_python = graph.fact("runtime").starts_with("cpython");
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    const std::string_view name = graph.short_type_name(type);
    is_module_by_type_.push_back(name == "module" || (is_python && name == "code"));
  }
  if (classes == Classes::kShown || !is_python) return;
  constexpr std::array<std::string_view, 15> kNames{
      "__code__",   "__globals__", "__builtins__",    "__name__", "__qualname__",
      "__module__", "__doc__",     "__annotations__", "f_code",   "f_globals",
      "f_builtins", "gi_code",     "cr_code",         "ag_code",  "function"};
  constexpr std::array<std::string_view, 6> kTypes{"function",  "frame",           "generator",
                                                   "coroutine", "async_generator", "method"};
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    const std::string_view name = graph.short_type_name(type);
    is_code_by_type_.push_back(std::ranges::find(kTypes, name) != kTypes.end());
  }
  is_code_by_type_.push_back(false);  // of a type that is none
  const graph::Strings& strings = graph.columns().strings;
  is_code_by_name_.resize(strings.size());
  for (graph::StringIndex at = 0; at < strings.size(); ++at) {
    is_code_by_name_[at] = std::ranges::find(kNames, strings[at]) != kNames.end();
  }
}

bool ReferenceLinks::is_class(NodeIndex node) const {
  const graph::TypeIndex type = graph_.type(node);
  return graph_.flags(node).is_type() ||
         (type < is_module_by_type_.size() && is_module_by_type_[type]);
}

bool ReferenceLinks::is_class_hidden(EdgeIndex edge) const {
  return classes_ == Classes::kHidden &&
         (graph_.kind(edge).meaning() == graph::EdgeMeaning::kType ||
          is_class(graph_.target(edge)) || is_code(edge));
}

/// What a function, or a frame of one, has of its program: its code, its module's variables, its
/// names.
bool ReferenceLinks::is_code(EdgeIndex edge) const {
  const graph::StringIndex name = graph_.edge_name(edge);
  return name < is_code_by_name_.size() && is_code_by_name_[name] &&
         is_code_by_type_[std::min<std::size_t>(graph_.type(graph_.source(edge)),
                                                is_code_by_type_.size() - 1)];
}

bool ReferenceLinks::visit_references(std::span<const NodeIndex> sources, EdgeBudget& budget,
                                      const Visit& visit) const {
  const std::uint64_t share = budget.share();
  std::uint64_t looked_at = 0;
  for (const NodeIndex source : sources) {
    for (EdgeIndex edge = graph_.edges_begin(source); edge < graph_.edges_end(source); ++edge) {
      if (looked_at == share) {
        budget.use(share);
        return false;
      }
      ++looked_at;
      visit(edge, graph_.target(edge));
    }
  }
  budget.use(looked_at);
  return true;
}

bool ReferenceLinks::visit_referrers(std::span<const NodeIndex> targets, EdgeBudget& budget,
                                     const Visit& visit) const {
  OURO_ASSERT(reverse_ != nullptr, "who looks for referrers has the edges turned round");
  const std::unordered_set<NodeIndex> wanted(targets.begin(), targets.end());
  std::vector<NodeIndex> referrers;
  const std::uint64_t share = budget.share();
  bool has_all = true;
  for (const NodeIndex target : targets) {
    const auto sources = reverse_->sources(target);
    const std::size_t room = share - std::min<std::uint64_t>(share, referrers.size());
    has_all = has_all && sources.size() <= room;
    const auto taken = sources.first(std::min(sources.size(), room));
    referrers.insert(referrers.end(), taken.begin(), taken.end());
  }
  std::ranges::sort(referrers);
  const auto repeated = std::ranges::unique(referrers);
  referrers.erase(repeated.begin(), repeated.end());
  const bool has_looked =
      visit_references(referrers, budget, [&](EdgeIndex edge, NodeIndex target) {
        if (wanted.contains(target)) visit(edge, graph_.source(edge));
      });
  return has_all && has_looked;
}

}  // namespace ouro::report
