// What a picture shows, before it is drawn: objects, references between them, and what was left
// out.
//
// Built breadth first from the starts, each object once. The cost is that of looking at the objects
// shown, and for what is held from outside one pass over the heap.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/look.hpp"

namespace ouro::objgraph {

struct ObjectNode {
  const void* object;
  std::size_t depth;    ///< references between it and the nearest start
  bool is_end = false;  ///< a start, or the end of a chain
  bool is_highlighted = false;
  bool is_immortal = false;
  std::size_t count = 0;         ///< references to it
  std::size_t from_outside = 0;  ///< those that stand outside of the heap's objects
  std::size_t left_out = 0;      ///< of its references, or references to it: those beyond too_many
  std::string extra_info = {};
};

struct ObjectEdge {
  std::size_t from;
  std::size_t to;
  std::string label;
  bool is_in_cycle = false;
};

struct ObjectGraph {
  std::vector<ObjectNode> nodes;
  std::vector<ObjectEdge> edges;
  std::size_t max_depth = 0;
  bool is_backwards = false;
};

ObjectGraph graph_of_referents(Look& look, const Objects& starts, const ShowOptions& options);
ObjectGraph graph_of_referrers(Look& look, const Objects& starts, const ShowOptions& options);
ObjectGraph graph_of_chains(Look& look, const Chains& chains, const ShowOptions& options);

/// Marks the edges that lie on a cycle of the graph: those within a strongly connected component.
void mark_cycles(ObjectGraph& graph);

}  // namespace ouro::objgraph
