// Graphs for tests, written as text, and random ones.
//
//   const NamedGraph graph = graph_of(R"(
//     a: Dungeon 40          a node with type and size; others are made as they are mentioned
//     a -> b .monsters[3]    a reference; the label may be left out
//     b ~> a                 a weak one
//     root a                 held from outside
//   )");
//   graph["b"]               its node
//
// Counts are what the references and roots add up to, and every node is tracked, unless a line says
// `b count 7` or `b untracked`.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/graph_builder.hpp"
#include "support/random.hpp"

namespace ouro::test {

struct NamedGraph {
  graph::HeapGraph graph;
  std::unordered_map<std::string, graph::NodeIndex> node_by_name;
  std::vector<std::string> names;

  graph::NodeIndex operator[](const std::string& name) const { return node_by_name.at(name); }
};

NamedGraph graph_of(std::string_view text);

struct RandomGraphOptions {
  std::size_t node_count = 20;
  std::size_t edge_count = 40;
  std::size_t root_count = 2;
  std::size_t type_count = 3;
  /// One edge in so many is weak, one in so many is owned but not traversed; 0: none.
  std::size_t weak_one_in = 0;
  std::size_t not_traversed_one_in = 0;
  /// One node in so many is not tracked by the collector; 0: none.
  std::size_t untracked_one_in = 0;
};

/// Self-references, double references and unreachable nodes included. Counts add up.
graph::HeapGraph random_graph(Random& random, const RandomGraphOptions& options);

/// The graph as text, for a test that has failed: "0 -> 3 4 ~5; roots 0 2".
std::string to_text(const graph::HeapGraph& graph);

}  // namespace ouro::test
