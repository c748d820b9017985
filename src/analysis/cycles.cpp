#include "analysis/cycles.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "analysis/entrances.hpp"
#include "analysis/progress_step.hpp"
#include "analysis/short_cycle.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

void add(CycleTally& sum, const CycleTally& more) {
  sum.components += more.components;
  sum.objects += more.objects;
  sum.size_bytes += more.size_bytes;
}

/// A class that could be cut, over all components of a shape.
struct Candidate {
  EdgeClass edge_class = 0;
  CycleCut cut;
  std::uint64_t sources = 0;              ///< objects with such an edge
  std::uint64_t entering_references = 0;  ///< to an object that is held from elsewhere, too
  std::uint64_t backward_references = 0;  ///< to an object captured before the source
};

struct Shape {
  CycleForm form;
  CycleTally all;
  CycleTally held;
  std::uint64_t sampled_components = 0;
  std::vector<EdgeIndex> example;
  std::vector<Candidate> candidates;
};

Shape new_shape(const ComponentGraph& component, const ShortCycle& cycle) {
  Shape shape;
  shape.form = cycle.form;
  for (const std::uint32_t edge : cycle.edges) {
    shape.example.push_back(component.edges[edge].edge);
  }
  for (const EdgeClass edge_class : cycle.form) {
    if (shape.candidates.size() == kMostCandidates) break;
    const bool is_there = std::ranges::find(shape.candidates, edge_class, &Candidate::edge_class) !=
                          shape.candidates.end();
    if (!is_there) shape.candidates.push_back({edge_class, {}, 0, 0, 0});
  }
  return shape;
}

CycleTally tally_of(const HeapGraph& graph, const ComponentGraph& component) {
  CycleTally tally{1, component.node_count(), 0};
  for (const NodeIndex node : component.nodes) tally.size_bytes += graph.size_bytes(node);
  return tally;
}

void count_uses(const ComponentGraph& component, const NodeSet& entered, Candidate& candidate) {
  for (std::uint32_t node = 0; node < component.node_count(); ++node) {
    std::uint64_t references = 0;
    for (const ComponentGraph::Edge& edge : component.edges_of(node)) {
      if (edge.edge_class != candidate.edge_class) continue;
      ++references;
      candidate.entering_references += entered.contains(component.nodes[edge.target]);
      candidate.backward_references += edge.target < node;
    }
    candidate.cut.references += references;
    candidate.sources += references != 0;
  }
}

/// What counts free of a component without a class of edges, when nothing outside refers to it.
class Release {
 public:
  explicit Release(const HeapGraph& graph) : graph_(graph) {}

  //   counts[w] := number of edges v -> w that are left
  //   while there is a node with counts = 0: free it; counts of its targets -= 1
  CycleTally without(const ComponentGraph& component, EdgeClass cut) {
    counts_.assign(component.node_count(), 0);
    for (const ComponentGraph::Edge& edge : component.edges) {
      counts_[edge.target] += edge.edge_class != cut;
    }
    freed_.clear();
    for (std::uint32_t node = 0; node < component.node_count(); ++node) {
      if (counts_[node] == 0) freed_.push_back(node);
    }
    CycleTally tally;
    for (std::size_t next = 0; next < freed_.size(); ++next) {
      tally.size_bytes += graph_.size_bytes(component.nodes[freed_[next]]);
      for (const ComponentGraph::Edge& edge : component.edges_of(freed_[next])) {
        if (edge.edge_class != cut && --counts_[edge.target] == 0) freed_.push_back(edge.target);
      }
    }
    tally.objects = freed_.size();
    tally.components = freed_.size() == component.node_count();
    return tally;
  }

 private:
  const HeapGraph& graph_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> freed_;
};

class Grouping {
 public:
  Grouping(const HeapGraph& graph, const Components& components, const NodeSet& held)
      : graph_(graph),
        held_(held),
        entered_(entrances(graph, components)),
        classes_(graph),
        graphs_(graph, components, classes_),
        release_(graph),
        shape_by_component_(components.count()) {}

  /// Returns the number of nodes of the component.
  std::uint32_t add_component(ComponentIndex index) {
    const ComponentGraph& component = graphs_.of(index);
    const ShortCycle cycle = search_.find(component);
    const auto number = static_cast<std::uint32_t>(shapes_.size());
    const auto [found, is_new] = shape_by_form_.try_emplace(cycle.form, number);
    if (is_new) shapes_.push_back(new_shape(component, cycle));
    shape_by_component_[index] = found->second;

    Shape& shape = shapes_[found->second];
    const bool is_held = held_.contains(component.nodes.front());
    const CycleTally tally = tally_of(graph_, component);
    add(shape.all, tally);
    if (is_held) add(shape.held, tally);
    shape.sampled_components += !cycle.is_shortest;
    for (Candidate& candidate : shape.candidates) {
      count_uses(component, entered_, candidate);
      const CycleTally freed = release_.without(component, candidate.edge_class);
      add(candidate.cut.freed, freed);
      if (is_held) add(candidate.cut.freed_held, freed);
    }
    return component.node_count();
  }

  Cycles finish() && {
    Cycles cycles;
    for (Shape& shape : shapes_) cycles.shapes.push_back(told(shape));
    std::vector<std::uint32_t> order(shapes_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
      return comes_first(cycles.shapes[a], cycles.shapes[b]);
    });
    std::vector<CycleShape> sorted;
    std::vector<std::uint32_t> place_by_shape(order.size());
    for (const std::uint32_t number : order) {
      place_by_shape[number] = static_cast<std::uint32_t>(sorted.size());
      sorted.push_back(std::move(cycles.shapes[number]));
    }
    for (std::uint32_t& shape : shape_by_component_) shape = place_by_shape[shape];
    return {std::move(sorted), std::move(shape_by_component_)};
  }

 private:
  static bool comes_first(const CycleShape& a, const CycleShape& b) {
    return std::tie(b.all.size_bytes, b.all.objects, a.steps) <
           std::tie(a.all.size_bytes, a.all.objects, b.steps);
  }

  /// An attribute or variable, of which each object has one.
  bool is_single(const Candidate& candidate) const {
    const EdgeMeaning meaning = classes_.meaning(candidate.edge_class);
    const bool is_scalar = meaning == EdgeMeaning::kAttribute || meaning == EdgeMeaning::kVariable;
    return is_scalar && candidate.sources == candidate.cut.references;
  }

  bool is_worse(const Candidate& a, const Candidate& b) const {
    const CycleTally& a_freed = a.cut.freed;
    const CycleTally& b_freed = b.cut.freed;
    // As shares of all references of the class, without a division.
    const std::uint64_t a_entering = a.entering_references * b.cut.references;
    const std::uint64_t b_entering = b.entering_references * a.cut.references;
    const bool a_single = is_single(a);
    const bool b_single = is_single(b);
    return std::tie(a_freed.components, a_entering, a_single, a.sources, a.backward_references,
                    a_freed.objects, b.cut.references) <
           std::tie(b_freed.components, b_entering, b_single, b.sources, b.backward_references,
                    b_freed.objects, a.cut.references);
  }

  /// In words, turned so that the step to cut is the last.
  CycleShape told(Shape& shape) const {
    const auto best = std::ranges::max_element(
        shape.candidates, [this](const auto& a, const auto& b) { return is_worse(a, b); });
    const auto cut_step = std::ranges::find(shape.form, best->edge_class) - shape.form.begin();
    std::ranges::rotate(shape.form, shape.form.begin() + cut_step + 1);
    std::ranges::rotate(shape.example, shape.example.begin() + cut_step + 1);
    CycleShape result;
    for (const EdgeClass step : shape.form) {
      result.steps.push_back({classes_.type_name(step), classes_.reference(step)});
    }
    result.all = shape.all;
    result.held = shape.held;
    result.cut = best->cut;
    result.sampled_components = shape.sampled_components;
    result.example = std::move(shape.example);
    return result;
  }

  const HeapGraph& graph_;
  const NodeSet& held_;
  NodeSet entered_;
  EdgeClasses classes_;
  ComponentGraphs graphs_;
  ShortCycleSearch search_;
  Release release_;
  std::vector<Shape> shapes_;
  std::map<CycleForm, std::uint32_t> shape_by_form_;
  std::vector<std::uint32_t> shape_by_component_;
};

}  // namespace

std::string to_string(const std::vector<CycleStep>& steps) {
  std::string text;
  for (const CycleStep& step : steps) {
    if (!text.empty()) text += ' ';
    text.append(step.type).append(step.reference).append(" ->");
  }
  return text;
}

Cycles find_cycles(const HeapGraph& graph, const Components& components, const NodeSet& held,
                   Progress* progress) {
  Grouping grouping(graph, components, held);
  std::uint64_t nodes = 0;
  for (ComponentIndex at = 0; at < components.count(); ++at) nodes += components.size(at);
  ProgressStep step(progress, "shapes of cycles", nodes);
  std::uint64_t done = 0;
  for (ComponentIndex at = 0; at < components.count(); ++at) {
    done += grouping.add_component(at);
    step.at(done);
  }
  return std::move(grouping).finish();
}

}  // namespace ouro::analysis
