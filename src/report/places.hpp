// Where an object stands in its program, in words of the program:
//
//   __main__._CONNECTIONS          the list `_CONNECTIONS` of module `__main__`
//   serve server.py:54: pending    the dict `pending` of serve, server.py:54
//
// by the shortest path that leads to it from a root.
#pragma once

#include <optional>
#include <string>

#include "analysis/shortest_paths.hpp"
#include "report/object_names.hpp"
#include "report/why.hpp"

namespace ouro::report {

/// Cost: that of the shortest paths from roots.
class Places {
 public:
  Places(const graph::HeapGraph& graph, const ObjectNames& names, Progress* progress = nullptr);

  /// Nothing where no root leads to the node.
  std::optional<WhyPath> path(graph::NodeIndex node) const;
  /// "__main__._CONNECTIONS". Empty where no variable of the program is near.
  std::string expression(graph::NodeIndex node) const;
  /// "the list `_CONNECTIONS` of module `__main__`"; "list#202" where it has no such place.
  std::string described(graph::NodeIndex node) const;
  /// From the roots.
  const analysis::ShortestPaths& forest() const { return forest_; }

 private:
  const graph::HeapGraph& graph_;
  const ObjectNames& names_;
  analysis::ShortestPaths forest_;
};

}  // namespace ouro::report
