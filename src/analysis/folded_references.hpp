// References as fold_namespaces() has them, of the graph as it is: for a question that looks at few
// of them, and is answered before a folded graph would have been made. Paths are of the graph as it
// is: source() and label() say how they read.
//
// Cost: what find_namespaces() costs, 24 bytes for each namespace and a quarter of a byte a node; a
// look at two bits for each node whose references are asked for.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/namespaces.hpp"
#include "analysis/node_set.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

class FoldedReferences {
 public:
  /// As they are: of a graph that has nothing to fold, or is folded.
  FoldedReferences(const graph::HeapGraph& graph) : graph_(graph) {}
  /// Needs Part::kNodes, kEdges and kEdgeLabels.
  static FoldedReferences of_namespaces(const graph::HeapGraph& graph);

  const graph::HeapGraph& graph() const { return graph_; }
  bool has_namespaces() const { return !by_dict_.empty(); }

  /// visit(edge) for all of the node, in the order of the folded graph.
  template <class Visit>
  void for_each(graph::NodeIndex node, Visit visit) const {
    const bool is_namespace = has_namespaces() && dicts_.contains(node);
    for (auto edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      if (!is_namespace || !is_attribute_of_owner(graph_, edge)) visit(edge);
    }
    if (!has_namespaces() || !owners_.contains(node)) return;
    for (const Namespace& one : std::ranges::equal_range(by_owner_, node, {}, &Namespace::owner)) {
      for (auto edge = graph_.edges_begin(one.dict); edge < graph_.edges_end(one.dict); ++edge) {
        if (is_attribute_of_owner(graph_, edge)) visit(edge);
      }
    }
  }

  /// Whether the edge is one of a namespace that its owner has here.
  bool is_moved(graph::EdgeIndex edge) const;
  graph::NodeIndex source(graph::EdgeIndex edge) const;
  /// As people write it behind source(edge).
  std::string label(graph::EdgeIndex edge) const;

 private:
  graph::HeapGraph graph_;  ///< a copy: it shares the memory
  std::vector<Namespace> by_dict_;
  std::vector<Namespace> by_owner_;
  NodeSet dicts_;
  NodeSet owners_;
};

}  // namespace ouro::analysis
