// Classes of edges: all that lead from objects of one type by references of one shape do the same
// work in the program, "Monster.dungeon". Each class has a number, given when it is first met.
//
// Types and shapes are told apart by their text, so two classes of objects that have the same name
// count as one. Cost: two look-ups of numbers an edge; the text of a shape is made once for each
// name.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::analysis {

using EdgeClass = std::uint32_t;

class EdgeClasses {
 public:
  explicit EdgeClasses(const graph::HeapGraph& graph);

  /// `source` is the edge's.
  EdgeClass of(graph::NodeIndex source, graph::EdgeIndex edge);

  std::uint32_t count() const { return static_cast<std::uint32_t>(examples_.size()); }
  /// "Monster", the type of the sources.
  std::string type_name(EdgeClass edge_class) const;
  /// ".dungeon", as HeapGraph::edge_shape().
  std::string reference(EdgeClass edge_class) const;
  graph::EdgeMeaning meaning(EdgeClass edge_class) const;

 private:
  struct Example {
    graph::NodeIndex source;
    graph::EdgeIndex edge;
  };

  std::uint32_t type_number(graph::TypeIndex type);
  std::uint32_t shape_number(graph::EdgeIndex edge);
  std::uint32_t number_of(std::string text);

  const graph::HeapGraph& graph_;
  std::vector<std::uint32_t> number_by_type_;
  std::unordered_map<std::string, std::uint32_t> number_by_text_;
  std::unordered_map<std::uint64_t, std::uint32_t> number_by_label_;
  std::unordered_map<std::uint64_t, EdgeClass> class_by_numbers_;
  std::vector<Example> examples_;
};

}  // namespace ouro::analysis
