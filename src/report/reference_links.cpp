#include "report/reference_links.hpp"

#include <algorithm>
#include <unordered_set>

#include <ouro/base/assert.hpp>

namespace ouro::report {

using graph::EdgeIndex;
using graph::NodeIndex;

ReferenceLinks::ReferenceLinks(const graph::HeapGraph& graph, const analysis::ReverseEdges* reverse,
                               Weak weak, Classes classes)
    : graph_(graph), reverse_(reverse), weak_(weak), classes_(classes) {
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    is_module_by_type_.push_back(graph.short_type_name(type) == "module");
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
          is_class(graph_.target(edge)));
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
