// The references of a picture: which edges count as such, and those of many objects in one pass.
//
// Backwards the referrers of all the objects are found first, and the edges of each looked at once:
// a list with a million of the objects is not read a million times.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/node_set.hpp"
#include "analysis/reverse_edges.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::report {

/// How many edges may still be looked at.
class EdgeBudget {
 public:
  explicit EdgeBudget(std::uint64_t edges) : edges_(edges) {}

  /// One node may use half of what is left, so that the nodes after it get their share.
  std::uint64_t share() const { return edges_ - edges_ / 2; }
  void use(std::uint64_t edges) { edges_ -= edges; }

 private:
  std::uint64_t edges_;
};

class ReferenceLinks {
 public:
  enum class Weak { kShown, kHidden };
  enum class Classes { kShown, kHidden };

  ReferenceLinks(const graph::HeapGraph& graph, const analysis::ReverseEdges* reverse, Weak weak,
                 Classes classes);

  /// A class, a module, or code.
  bool is_class(graph::NodeIndex node) const;
  bool is_weak_hidden(graph::EdgeIndex edge) const {
    return weak_ == Weak::kHidden && graph_.kind(edge).is_weak();
  }
  /// A reference of or to a class or module, and these are not shown.
  bool is_class_hidden(graph::EdgeIndex edge) const;
  bool is_followed(graph::EdgeIndex edge) const {
    return !is_weak_hidden(edge) && !is_class_hidden(edge);
  }

  /// Called with each edge looked at and the object at its other end; which of them are followed
  /// is the callee's question. Both return whether the budget sufficed.
  using Visit = std::function<void(graph::EdgeIndex edge, graph::NodeIndex other)>;
  bool visit_references(std::span<const graph::NodeIndex> sources, EdgeBudget& budget,
                        const Visit& visit) const;
  /// Precondition: `reverse` was not null.
  bool visit_referrers(std::span<const graph::NodeIndex> targets, EdgeBudget& budget,
                       const Visit& visit) const;

 private:
  bool is_code(graph::EdgeIndex edge) const;

  const graph::HeapGraph& graph_;
  const analysis::ReverseEdges* reverse_;
  Weak weak_;
  Classes classes_;
  std::vector<bool> is_module_by_type_;  ///< or code
  std::vector<bool> is_code_by_type_;    ///< functions and what runs them
  std::vector<bool> is_code_by_name_;    ///< empty where it is no Python's heap
};

}  // namespace ouro::report
