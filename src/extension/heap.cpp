#include "extension/heap.hpp"

#include <utility>

#include "analysis/fold_namespaces.hpp"
#include "extension/error.hpp"
#include "graph/graph_file.hpp"

namespace ouro::extension {

Heap::Heap(graph::HeapGraph stored, graph::HeapGraph folded)
    : stored_(std::move(stored)), graph_(std::move(folded)), names_(graph_) {}

std::shared_ptr<Heap> Heap::make(graph::HeapGraph graph, Progress* progress) {
  if (progress != nullptr) progress->begin("checking the file", 0);
  if (const auto error = graph.require()) throw Failure(*error);
  graph::HeapGraph folded = analysis::fold_namespaces(graph);
  return std::shared_ptr<Heap>(new Heap(std::move(graph), std::move(folded)));
}

std::shared_ptr<Heap> Heap::open(const std::string& path, Progress* progress) {
  return make(value_or_throw(graph::open_graph(path)), progress);
}

const report::Places& Heap::places(Progress* progress) {
  const std::scoped_lock lock(mutex_);
  if (!places_) places_.emplace(graph_, names_, progress);
  return *places_;
}

const analysis::ReverseEdges& Heap::reverse_edges(Progress* progress) {
  const std::scoped_lock lock(mutex_);
  if (!reverse_edges_) reverse_edges_.emplace(graph_, analysis::EdgeFilter::kAll, progress);
  return *reverse_edges_;
}

}  // namespace ouro::extension
