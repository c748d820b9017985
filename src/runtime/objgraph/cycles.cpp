// Strongly connected components of a picture's graph, by Tarjan's algorithm ("Depth-first search
// and linear graph algorithms", 1972), with a stack of its own instead of recursion. O(nodes +
// edges).
#include <algorithm>

#include "runtime/objgraph/object_graph.hpp"

namespace ouro::objgraph {

namespace {

// strongconnect(v):
//   index(v) := lowlink(v) := next number; push v on the component stack
//   for each edge v -> w:
//     if w has no index: strongconnect(w); lowlink(v) := min(lowlink(v), lowlink(w))
//     else if w is on the component stack: lowlink(v) := min(lowlink(v), index(w))
//   if lowlink(v) = index(v): pop the component, down to v
class Components {
 public:
  explicit Components(const ObjectGraph& graph) : vertices_(graph.nodes.size()) {
    for (const ObjectEdge& edge : graph.edges) vertices_[edge.from].targets.push_back(edge.to);
    for (std::size_t v = 0; v < vertices_.size(); ++v) {
      if (vertices_[v].index == 0) strongconnect(v);
    }
  }

  bool are_connected(std::size_t v, std::size_t w) const noexcept {
    return vertices_[v].component == vertices_[w].component;
  }

 private:
  struct Vertex {
    std::vector<std::size_t> targets;
    std::size_t next_target = 0;
    std::size_t index = 0;  ///< from 1 on; 0: not seen
    std::size_t lowlink = 0;
    std::size_t component = 0;  ///< from 1 on; 0: not in one yet
  };

  void open(std::size_t v) {
    vertices_[v].index = vertices_[v].lowlink = ++last_index_;
    component_stack_.push_back(v);
    call_stack_.push_back(v);
  }

  void strongconnect(std::size_t root) {
    open(root);
    while (!call_stack_.empty()) {
      const std::size_t v = call_stack_.back();
      Vertex& vertex = vertices_[v];
      if (vertex.next_target == vertex.targets.size()) {
        close(v);
        continue;
      }
      const std::size_t w = vertex.targets[vertex.next_target];
      const Vertex& target = vertices_[w];
      if (target.index == 0) {
        open(w);
        continue;  // the same edge is looked at again when w is closed, for its lowlink
      }
      // For a w that was a recursive call, its lowlink; lowlinks of others in the component are as
      // good as their indexes, since only equality with the root's index counts.
      if (target.component == 0) vertex.lowlink = std::min(vertex.lowlink, target.lowlink);
      ++vertex.next_target;
    }
  }

  void close(std::size_t v) {
    call_stack_.pop_back();
    if (vertices_[v].lowlink != vertices_[v].index) return;
    for (std::size_t w = vertices_.size(); w != v;) {
      w = component_stack_.back();
      component_stack_.pop_back();
      vertices_[w].component = vertices_[v].index;
    }
  }

  std::vector<Vertex> vertices_;
  std::vector<std::size_t> component_stack_;
  std::vector<std::size_t> call_stack_;
  std::size_t last_index_ = 0;
};

}  // namespace

void mark_cycles(ObjectGraph& graph) {
  const Components components(graph);
  for (ObjectEdge& edge : graph.edges) {
    edge.is_in_cycle = components.are_connected(edge.from, edge.to);
  }
}

}  // namespace ouro::objgraph
