// A heap graph as Python sees it: the graph, and what is made of it once and asked often.
//
// All questions may be asked without the GIL and from several threads: the graph is constant, and
// what is made on demand is made under a lock.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "analysis/dominators.hpp"
#include "analysis/reverse_edges.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"
#include "report/object_names.hpp"
#include "report/places.hpp"

namespace ouro::extension {

class Heap {
 public:
  /// `graph` as it was captured or opened; checked as a whole.
  static std::shared_ptr<Heap> make(graph::HeapGraph graph, Progress* progress);
  static std::shared_ptr<Heap> open(const std::string& path, Progress* progress);

  /// As it is in the file: the columns.
  const graph::HeapGraph& stored() const { return stored_; }
  /// With attributes where the program has them (analysis/fold_namespaces.hpp): the answers.
  /// Nodes are numbered alike in both.
  const graph::HeapGraph& graph() const { return graph_; }
  const report::ObjectNames& names() const { return names_; }

  const report::Places& places(Progress* progress);
  const analysis::ReverseEdges& reverse_edges(Progress* progress);

 private:
  Heap(graph::HeapGraph stored, graph::HeapGraph folded);

  graph::HeapGraph stored_;
  graph::HeapGraph graph_;
  report::ObjectNames names_;
  std::mutex mutex_;
  std::optional<report::Places> places_;
  std::optional<analysis::ReverseEdges> reverse_edges_;
};

}  // namespace ouro::extension
