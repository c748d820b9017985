// A directed graph as a person writes one down: names and edges, no types, sizes or fields.
//
//   names         [ main | a | b | lost ]     in the order of first mention
//   edge_begins   [ 0 | 1 | 3 | 3 | 4 ]       the edges of node i: from [i] to [i + 1]; what may
//                                             follow is left from building
//   targets       [ a   b main   main ]       in input order among those of one source
//
// Memory: 4 bytes an edge, 4 a node, and the names (node_names.hpp: 8 to 25 bytes a node that is a
// number). While it is built, 12 bytes an edge (plain_graph_builder.hpp). So 100 million edges
// between 25 million numbers take at most 1.9 GB while they are read.
//
// Thread-safe, as everything constant.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "graph/indexes.hpp"
#include "text/node_names.hpp"
#include "text/page_array.hpp"

namespace ouro::text {

struct PlainGraph {
  NodeNames names;
  PageArray<EdgeIndex> edge_begins;
  PageArray<NodeIndex> targets;

  std::uint32_t node_count() const { return names.size(); }
  std::uint32_t edge_count() const { return static_cast<std::uint32_t>(targets.size()); }

  /// Precondition, here and below: node < node_count().
  std::span<const NodeIndex> targets_of(NodeIndex node) const {
    return targets.span().subspan(edge_begins[node], edge_begins[node + 1] - edge_begins[node]);
  }
  std::string name(NodeIndex node) const {
    std::string text;
    names.append_to(text, node);
    return text;
  }
  std::optional<NodeIndex> find(std::string_view name) const { return names.find(name); }
};

}  // namespace ouro::text
