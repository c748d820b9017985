// One strongly connected component at a time as a graph of its own, with nodes 0, 1, ... in their
// order in the heap, so that searches in it need arrays of its size alone.
//
// Memory: 8 bytes a node of the heap for all, 12 an edge of the component at hand, which is reused.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/components.hpp"
#include "analysis/edge_classes.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

struct ComponentGraph {
  struct Edge {
    std::uint32_t target = 0;  ///< in the component
    EdgeClass edge_class = 0;
    graph::EdgeIndex edge = 0;  ///< in the heap
  };

  std::span<const graph::NodeIndex> nodes;  ///< by node of the component: in the heap
  std::vector<std::uint32_t> begins;
  std::vector<Edge> edges;

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(nodes.size()); }
  std::uint32_t edge_count() const { return static_cast<std::uint32_t>(edges.size()); }
  std::span<const Edge> edges_of(std::uint32_t node) const {
    return std::span(edges).subspan(begins[node], begins[node + 1] - begins[node]);
  }
};

class ComponentGraphs {
 public:
  ComponentGraphs(const graph::HeapGraph& graph, const Components& components,
                  EdgeClasses& classes);

  /// Valid until the next call.
  const ComponentGraph& of(ComponentIndex component);

 private:
  const graph::HeapGraph& graph_;
  const Components& components_;
  EdgeClasses& classes_;
  EdgeSelection selection_;
  std::vector<std::uint32_t> begins_;         ///< by component, in nodes_
  std::vector<graph::NodeIndex> nodes_;       ///< on cycles, by component
  std::vector<std::uint32_t> place_by_node_;  ///< in the component
  ComponentGraph current_;
};

}  // namespace ouro::analysis
