#include "analysis/components.hpp"

#include "analysis/progress_step.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

// Values of a node's number, which Pearce calls rindex:
//
//   0              not visited
//   1, 2, ...      on the way or waiting: the smallest index it is known to reach
//   ..., FFFFFFFE  in a nontrivial component: the first one found has FFFFFFFE, the next FFFFFFFD
//   FFFFFFFF       trivial
//
// What is finished is greater than every index in use, so one comparison leaves it out of the
// minimum. The two ranges do not meet: a node is in use or finished, and there are fewer than
// FFFFFFFE nodes.
constexpr std::uint32_t kNotVisited = 0;
constexpr std::uint32_t kTrivial = kNoComponent;

}  // namespace

class Components::Search {
 public:
  Search(const HeapGraph& graph, EdgeFilter filter, std::vector<std::uint32_t>& numbers,
         std::vector<std::uint32_t>& sizes)
      : begins_(graph.edge_begins().data()),
        targets_(graph.all_targets().data()),
        selection_(graph, filter),
        numbers_(numbers.data()),
        sizes_(sizes) {}

  void visit(NodeIndex start) {
    begin(start);
    while (!frames_.empty()) {
      if (const NodeIndex child = advance(); child != graph::kNoNode) {
        begin(child);
      } else {
        finish();
      }
    }
  }

 private:
  /// A node on the way from the start to the current one.
  struct Frame {
    NodeIndex node;
    EdgeIndex next_edge;
    std::uint32_t index;
  };

  //   begin(v):  rindex[v] := index; index += 1
  /// A node all whose targets are finished is trivial, without ever being on the way: so are most.
  void begin(NodeIndex node) {
    EdgeIndex edge = begins_[node];
    const EdgeIndex end = begins_[node + 1];
    while (edge < end && (!selection_.has(edge) || is_finished(numbers_[targets_[edge]]))) ++edge;
    if (edge == end) {
      numbers_[node] = kTrivial;
      return;
    }
    frames_.push_back({node, edge, next_index_});
    numbers_[node] = next_index_++;
  }

  //   for each edge v -> w from where it left off:
  //     if rindex[w] = 0: visit w next
  //     if rindex[w] < rindex[v]: rindex[v] := rindex[w]
  /// A node to visit next, or kNoNode at the end of the edges.
  NodeIndex advance() {
    Frame& frame = frames_.back();
    std::uint32_t lowest = numbers_[frame.node];
    const EdgeIndex end = begins_[frame.node + 1];
    for (EdgeIndex edge = frame.next_edge; edge < end; ++edge) {
      if (!selection_.has(edge)) continue;
      const NodeIndex target = targets_[edge];
      const std::uint32_t number = numbers_[target];
      if (number == kNotVisited) {
        numbers_[frame.node] = lowest;
        // The same edge again afterwards: then the target's number is in.
        frame.next_edge = edge;
        return target;
      }
      if (number < lowest) lowest = number;
    }
    numbers_[frame.node] = lowest;
    return graph::kNoNode;
  }

  //   if v reaches nothing before it: v and those that wait with rindex[w] >= rindex[v] are a
  //   component; otherwise v waits
  void finish() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    if (numbers_[frame.node] < frame.index) {
      waiting_.push_back(frame.node);
    } else if (has_members(frame) || refers_to_itself(frame.node)) {
      close(frame);
    } else {
      numbers_[frame.node] = kTrivial;
      --next_index_;
    }
  }

  /// Neither not visited nor in use.
  bool is_finished(std::uint32_t number) const { return number >= next_index_; }

  bool has_members(const Frame& frame) const {
    return !waiting_.empty() && numbers_[waiting_.back()] >= frame.index;
  }

  void close(const Frame& frame) {
    const std::uint32_t number = kFirstNumber - static_cast<std::uint32_t>(sizes_.size());
    std::uint32_t size = 1;
    while (has_members(frame)) {
      numbers_[waiting_.back()] = number;
      waiting_.pop_back();
      ++size;
    }
    numbers_[frame.node] = number;
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
  std::uint32_t* numbers_;
  std::vector<std::uint32_t>& sizes_;
  std::uint32_t next_index_ = 1;
  std::vector<Frame> frames_;
  std::vector<NodeIndex> waiting_;
};

Components::Components(const HeapGraph& graph, EdgeFilter filter, Progress* progress)
    : filter_(filter), numbers_(graph.node_count(), kNotVisited) {
  Search search(graph, filter, numbers_, sizes_);
  ProgressStep step(progress, "cycles", graph.node_count());
  // From the last node: captured last, it is far from the roots and reaches little, so most
  // searches are short and stay in one place of memory.
  for (NodeIndex left = graph.node_count(); left > 0; --left) {
    if (numbers_[left - 1] == kNotVisited) search.visit(left - 1);
    step.at(graph.node_count() - left);
  }
}

}  // namespace ouro::analysis
