#include "analysis/folded_references.hpp"

#include "base/sort_stably.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

FoldedReferences FoldedReferences::of_namespaces(const HeapGraph& graph) {
  FoldedReferences references(graph);
  references.by_dict_ = find_namespaces(graph);
  references.by_owner_ = references.by_dict_;
  sort_stably(references.by_owner_, {}, &Namespace::owner);
  references.dicts_ = NodeSet(graph.node_count());
  references.owners_ = NodeSet(graph.node_count());
  for (const Namespace& one : references.by_dict_) {
    references.dicts_.insert(one.dict);
    references.owners_.insert(one.owner);
  }
  return references;
}

bool FoldedReferences::is_moved(EdgeIndex edge) const {
  return has_namespaces() && dicts_.contains(graph_.source(edge)) &&
         is_attribute_of_owner(graph_, edge);
}

NodeIndex FoldedReferences::source(EdgeIndex edge) const {
  const NodeIndex source = graph_.source(edge);
  if (!has_namespaces() || !dicts_.contains(source) || !is_attribute_of_owner(graph_, edge)) {
    return source;
  }
  return std::ranges::lower_bound(by_dict_, source, {}, &Namespace::dict)->owner;
}

std::string FoldedReferences::label(EdgeIndex edge) const {
  return is_moved(edge) ? graph::attribute_label(graph_.string(graph_.edge_name(edge)))
                        : graph_.edge_label(edge);
}

}  // namespace ouro::analysis
