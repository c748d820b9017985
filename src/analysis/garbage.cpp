#include "analysis/garbage.hpp"

#include "analysis/edge_filter.hpp"
#include "analysis/node_set.hpp"
#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

class FiveSteps {
 public:
  FiveSteps(const HeapGraph& graph, Progress* progress)
      : graph_(graph),
        traversed_(graph, EdgeFilter::kTraversed),
        owned_(graph, EdgeFilter::kOwned),
        candidates_(graph.node_count()),
        reachable_(graph.node_count()),
        subtracted_(graph.node_count()),
        progress_(progress) {}

  Garbage run() {
    choose_candidates();
    subtract_references();
    find_held_from_outside();
    reach_from_stack();
    list_garbage();
    find_held_by_garbage();
    return std::move(result_);
  }

 private:
  void choose_candidates() {
    for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
      const graph::NodeFlags flags = graph_.flags(node);
      if (!flags.is_tracked() || flags.is_frozen() || flags.is_immortal()) continue;
      candidates_.insert(node);
      ++result_.candidate_count;
    }
  }

  // gc_refs = count - subtracted, kept as the latter: it fits 32 bits whatever the count is.
  void subtract_references() {
    ProgressStep step(progress_, "garbage", graph_.node_count());
    for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
      if (candidates_.contains(node)) {
        for_each_target(node, traversed_, [this](NodeIndex target) { ++subtracted_[target]; });
      }
      step.at(node);
    }
  }

  void find_held_from_outside() {
    for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
      if (!candidates_.contains(node)) continue;
      const std::uint64_t count = graph_.reference_count(node);
      if (count == subtracted_[node]) continue;
      if (count < subtracted_[node]) result_.errors.push_back({node, count, subtracted_[node]});
      reach(node);
    }
  }

  void reach(NodeIndex node) {
    if (candidates_.contains(node) && reachable_.insert(node)) stack_.push_back(node);
  }

  void reach_from_stack() {
    while (!stack_.empty()) {
      const NodeIndex node = stack_.back();
      stack_.pop_back();
      for_each_target(node, traversed_, [this](NodeIndex target) { reach(target); });
    }
  }

  bool is_garbage(NodeIndex node) const {
    return candidates_.contains(node) && !reachable_.contains(node);
  }

  void list_garbage() {
    for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
      if (is_garbage(node)) append(result_.garbage, node);
    }
  }

  // The counts now stand for references from what dies; a node dies at the last one.
  void find_held_by_garbage() {
    subtracted_.assign(subtracted_.size(), 0);
    NodeSet dying(graph_.node_count());
    const auto drop = [this, &dying](NodeIndex target) {
      if (is_garbage(target) || graph_.flags(target).is_immortal()) return;
      if (++subtracted_[target] == graph_.reference_count(target) && dying.insert(target)) {
        stack_.push_back(target);
      }
    };
    for (const NodeIndex node : result_.garbage.nodes) {
      for_each_target(node, owned_, drop);
      while (!stack_.empty()) {
        const NodeIndex dead = stack_.back();
        stack_.pop_back();
        for_each_target(dead, owned_, drop);
      }
    }
    for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
      if (dying.contains(node)) append(result_.held_by_garbage, node);
    }
  }

  void append(NodeList& list, NodeIndex node) const {
    list.nodes.push_back(node);
    list.size_bytes += graph_.size_bytes(node);
  }

  template <class Function>
  void for_each_target(NodeIndex node, const EdgeSelection& selection, Function function) const {
    for (EdgeIndex edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      if (selection.has(edge)) function(graph_.target(edge));
    }
  }

  const HeapGraph& graph_;
  EdgeSelection traversed_;
  EdgeSelection owned_;
  NodeSet candidates_;
  NodeSet reachable_;
  std::vector<std::uint32_t> subtracted_;  ///< by node: references from candidates
  std::vector<NodeIndex> stack_;
  Progress* progress_;
  Garbage result_;
};

}  // namespace

Garbage find_garbage(const HeapGraph& graph, Progress* progress) {
  if (graph.columns().counts.size() == 0) return {};
  return FiveSteps(graph, progress).run();
}

}  // namespace ouro::analysis
