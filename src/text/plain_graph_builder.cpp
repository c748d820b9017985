#include "text/plain_graph_builder.hpp"

#include <algorithm>
#include <utility>

namespace ouro::text {
namespace {

constexpr std::size_t kFewestEdges = std::size_t{64} << 10;
constexpr std::size_t kEdgesPerAdvance = std::size_t{4} << 20;

// Sorts each node's targets, drops what repeats and closes the gaps.
void merge_parallel(PlainGraph& graph) {
  PageArray<NodeIndex>& targets = graph.targets;
  EdgeIndex kept = 0;
  EdgeIndex begin = 0;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    const EdgeIndex end = graph.edge_begins[node + 1];
    NodeIndex* const first = targets.data() + begin;
    std::sort(first, targets.data() + end);
    NodeIndex* const last = std::unique(first, targets.data() + end);
    std::copy(first, last, targets.data() + kept);
    graph.edge_begins[node] = kept;
    kept += static_cast<EdgeIndex>(last - first);
    begin = end;
  }
  graph.edge_begins[graph.node_count()] = kept;
  PageArray<NodeIndex> fitting(kept);
  std::copy(targets.data(), targets.data() + kept, fitting.data());
  targets = std::move(fitting);
}

}  // namespace

void PlainGraphBuilder::reserve_more() {
  edges_.resize(std::max(kFewestEdges, edges_.size() * 3 / 2));
}

// For each node the number of edges before its own, at the position one further on: place_targets()
// counts each up while it places, which leaves every node's begin where it belongs.
PageArray<EdgeIndex> PlainGraphBuilder::count_edges_before_each_node() const {
  PageArray<EdgeIndex> begins(std::size_t{names_.size()} + 2);
  for (std::size_t at = 0; at < edge_count_; ++at) ++begins[std::size_t{edges_[at].from} + 2];
  for (std::size_t at = 2; at < begins.size(); ++at) begins[at] += begins[at - 1];
  return begins;
}

void PlainGraphBuilder::place_targets(PlainGraph& graph, Progress* progress) {
  // Far enough ahead for memory to answer: first the counter, then the place it names.
  constexpr std::size_t kCounterAhead = 32;
  constexpr std::size_t kPlaceAhead = 16;
  EdgeIndex* const next = graph.edge_begins.data() + 1;
  NodeIndex* const targets = graph.targets.data();
  for (std::size_t at = 0; at < edge_count_; ++at) {
    if (at + kCounterAhead < edge_count_) {
      __builtin_prefetch(&next[edges_[at + kCounterAhead].from], 1);
      __builtin_prefetch(&targets[next[edges_[at + kPlaceAhead].from]], 1);
    }
    targets[next[edges_[at].from]++] = edges_[at].to;
    if (progress != nullptr && at % kEdgesPerAdvance == 0) progress->advance(at);
  }
}

PlainGraph PlainGraphBuilder::build(Progress* progress) && {
  if (progress != nullptr) progress->begin("sorting edges", edge_count_);
  PlainGraph graph;
  graph.edge_begins = count_edges_before_each_node();
  graph.targets.resize(edge_count_);
  place_targets(graph, progress);
  edges_ = PageArray<Edge>();
  graph.names = std::move(names_);
  if (merges_parallel_edges_) merge_parallel(graph);
  if (progress != nullptr) progress->advance(edge_count_);
  return graph;
}

}  // namespace ouro::text
