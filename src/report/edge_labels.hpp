// One label for many edges: ".monsters[0..97]", ".first, .last", "['a'] … ['z']".
//
// EdgeShapes numbers the shapes of edges (HeapGraph::edge_shape), so that millions of edges are
// sorted by shape without a string each: an edge's meaning and name say its shape. EdgeLabel
// collects edges of one source and target; its memory is bounded, however many there are.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::report {

using ShapeIndex = std::uint32_t;

class EdgeShapes {
 public:
  explicit EdgeShapes(const graph::HeapGraph& graph) : graph_(graph) {}

  ShapeIndex of(graph::EdgeIndex edge);
  const std::string& text(ShapeIndex shape) const { return texts_[shape]; }

 private:
  const graph::HeapGraph& graph_;
  std::unordered_map<std::uint64_t, ShapeIndex> shape_by_meaning_and_name_;
  std::unordered_map<std::string, ShapeIndex> shape_by_text_;
  std::vector<std::string> texts_;
};

class EdgeLabel {
 public:
  /// Edges of a sequence in the order of their places, or the label shows them in parts.
  void add(const graph::HeapGraph& graph, graph::EdgeIndex edge, ShapeIndex shape);

  /// Keys and places are those of one object: of edges from several, only the shapes are named.
  enum class From { kOneObject, kSeveral };
  /// Printable.
  std::string text(const graph::HeapGraph& graph, const EdgeShapes& shapes, From from) const;

 private:
  /// The edges of one shape.
  struct Part {
    ShapeIndex shape = 0;
    std::uint64_t count = 0;
    graph::EdgeIndex first = graph::kNoEdge;
    graph::EdgeIndex last = graph::kNoEdge;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> places;  ///< from and to, both included
    bool has_more_places = false;

    void add_place(std::uint64_t place);
    std::string text(const graph::HeapGraph& graph, const std::string& shape_text) const;
    std::string places_text() const;
  };

  std::vector<Part> parts_;
  std::set<ShapeIndex> other_shapes_;
};

}  // namespace ouro::report
