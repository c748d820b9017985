#include "analysis/component_graph.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::NodeIndex;

ComponentGraphs::ComponentGraphs(const graph::HeapGraph& graph, const Components& components,
                                 EdgeClasses& classes)
    : graph_(graph),
      components_(components),
      classes_(classes),
      selection_(graph, components.filter()),
      begins_(std::size_t{components.count()} + 1),
      place_by_node_(graph.node_count()) {
  for (ComponentIndex at = 0; at < components.count(); ++at) {
    begins_[at + 1] = begins_[at] + components.size(at);
  }
  nodes_.resize(begins_.back());
  std::vector<std::uint32_t> filled(components.count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    const ComponentIndex component = components.of(node);
    if (component == kNoComponent) continue;
    place_by_node_[node] = filled[component]++;
    nodes_[begins_[component] + place_by_node_[node]] = node;
  }
}

const ComponentGraph& ComponentGraphs::of(ComponentIndex component) {
  current_.nodes = std::span(nodes_).subspan(begins_[component], components_.size(component));
  current_.begins.clear();
  current_.edges.clear();
  for (const NodeIndex node : current_.nodes) {
    current_.begins.push_back(current_.edge_count());
    for (EdgeIndex edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      const NodeIndex target = graph_.target(edge);
      if (components_.of(target) != component || !selection_.has(edge)) continue;
      current_.edges.push_back({place_by_node_[target], classes_.of(node, edge), edge});
    }
  }
  current_.begins.push_back(current_.edge_count());
  return current_;
}

}  // namespace ouro::analysis
