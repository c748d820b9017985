#include "analysis/components.hpp"

#include <algorithm>
#include <bit>

#include "analysis/leaves.hpp"
#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

// Values of a node's number, which Pearce calls rindex:
//
//   0              trivial, or not visited: most are never written
//   1, 2, ...      on the way or waiting: the smallest index it is known to reach
//   ..., FFFFFFFF  in a nontrivial component: the first one found has FFFFFFFF, the next FFFFFFFE
//
// The ranges do not meet: a node is in use or finished, and there are fewer than FFFFFFFF nodes.
// Two bits a node say what was visited and what is finished, as leaves are from the beginning: so
// most references are done with by a look at one bit.
constexpr std::uint32_t kTrivial = 0;

}  // namespace

class Components::Search {
 public:
  Search(const HeapGraph& graph, EdgeFilter filter, FlatArray<std::uint32_t>& numbers,
         std::vector<std::uint32_t>& sizes)
      : begins_(graph.edge_begins().data()),
        targets_(graph.all_targets().data()),
        selection_(graph, filter),
        visited_(graph.node_count()),
        finished_(leaves_of(graph)),
        numbers_(numbers.data()),
        sizes_(sizes),
        frames_(graph.node_count() - finished_.size()) {}

  void visit(NodeIndex start) {
    visited_.insert(start);
    begin(start);
    while (depth_ > 0) {
      if (const NodeIndex child = advance(); child != graph::kNoNode) {
        begin(child);
      } else {
        finish();
      }
    }
  }

  /// Of the 64 from `first` on, a multiple of 64, or kNoNode.
  NodeIndex last_unfinished(NodeIndex first) const {
    const NodeIndex count = std::min(NodeSet::kNodesOfAWord, finished_.node_count() - first);
    const std::uint64_t all = ~std::uint64_t{0} >> (NodeSet::kNodesOfAWord - count);
    const std::uint64_t unfinished = ~finished_.word(first) & all;
    return unfinished == 0 ? graph::kNoNode
                           : first + static_cast<NodeIndex>(std::bit_width(unfinished)) - 1;
  }

 private:
  /// A node on the way from the start to the current one.
  struct Frame {
    NodeIndex node;
    EdgeIndex next_edge;
    std::uint32_t index;
  };

  bool is_finished(NodeIndex node) const { return finished_.contains(node); }

  //   begin(v):  rindex[v] := index; index += 1
  /// A node all whose targets are finished is trivial, without ever being on the way: so are most.
  void begin(NodeIndex node) {
    EdgeIndex edge = begins_[node];
    const EdgeIndex end = begins_[node + 1];
    while (edge < end && (is_finished(targets_[edge]) || !selection_.has(edge))) ++edge;
    if (edge == end) {
      finished_.insert(node);
      return;
    }
    frames_[depth_++] = {node, edge, next_index_};
    numbers_[node] = next_index_++;
  }

  //   for each edge v -> w from where it left off:
  //     if w was not visited: visit w next
  //     if rindex[w] < rindex[v]: rindex[v] := rindex[w]
  /// A node to visit next, or kNoNode at the end of the edges.
  NodeIndex advance() {
    Frame& frame = frames_[depth_ - 1];
    std::uint32_t lowest = numbers_[frame.node];
    const EdgeIndex end = begins_[frame.node + 1];
    for (EdgeIndex edge = frame.next_edge; edge < end; ++edge) {
      const NodeIndex target = targets_[edge];
      if (is_finished(target) || !selection_.has(edge)) continue;
      if (visited_.insert(target)) {
        numbers_[frame.node] = lowest;
        // The same edge again afterwards: then the target's number is in.
        frame.next_edge = edge;
        return target;
      }
      lowest = std::min(lowest, numbers_[target]);
    }
    numbers_[frame.node] = lowest;
    return graph::kNoNode;
  }

  //   if v reaches nothing before it: v and those that wait with rindex[w] >= rindex[v] are a
  //   component; otherwise v waits
  void finish() {
    const Frame frame = frames_[--depth_];
    if (numbers_[frame.node] < frame.index) {
      waiting_.push_back(frame.node);
    } else if (has_members(frame) || refers_to_itself(frame.node)) {
      close(frame);
    } else {
      numbers_[frame.node] = kTrivial;
      finished_.insert(frame.node);
      --next_index_;
    }
  }

  bool has_members(const Frame& frame) const {
    return !waiting_.empty() && numbers_[waiting_.back()] >= frame.index;
  }

  void close(const Frame& frame) {
    const std::uint32_t number = kFirstNumber - static_cast<std::uint32_t>(sizes_.size());
    std::uint32_t size = 1;
    while (has_members(frame)) {
      numbers_[waiting_.back()] = number;
      finished_.insert(waiting_.back());
      waiting_.pop_back();
      ++size;
    }
    numbers_[frame.node] = number;
    finished_.insert(frame.node);
    next_index_ -= size;
    sizes_.push_back(size);
  }

  bool refers_to_itself(NodeIndex node) const {
    for (EdgeIndex edge = begins_[node]; edge < begins_[node + 1]; ++edge) {
      if (targets_[edge] == node && selection_.has(edge)) return true;
    }
    return false;
  }

  const EdgeIndex* begins_;
  const NodeIndex* targets_;
  EdgeSelection selection_;
  NodeSet visited_;
  NodeSet finished_;
  std::uint32_t* numbers_;
  std::vector<std::uint32_t>& sizes_;
  std::uint32_t next_index_ = 1;
  FlatArray<Frame> frames_;  // for the worst case; only what is written takes memory
  std::size_t depth_ = 0;
  std::vector<NodeIndex> waiting_;
};

Components::Components(const HeapGraph& graph, EdgeFilter filter, Progress* progress)
    : filter_(filter), numbers_(FlatArray<std::uint32_t>::zeros(graph.node_count())) {
  Search search(graph, filter, numbers_, sizes_);
  ProgressStep step(progress, "cycles", graph.node_count());
  // From the last node: captured last, it is far from the roots and reaches little, so most
  // searches are short and stay in one place of memory.
  for (std::uint64_t words = (std::uint64_t{graph.node_count()} + 63) / 64; words > 0; --words) {
    const auto first = static_cast<NodeIndex>((words - 1) * NodeSet::kNodesOfAWord);
    for (NodeIndex node = 0; (node = search.last_unfinished(first)) != graph::kNoNode;) {
      search.visit(node);
    }
    step.at(graph.node_count() - first);
  }
}

}  // namespace ouro::analysis
