// Random graphs whose counts do not add up, and whose nodes are frozen and immortal here and there.
#pragma once

#include "support/random_graphs.hpp"

namespace ouro::test {

/// The same graph with other counts and flags.
inline graph::HeapGraph with_odd_counts(const graph::HeapGraph& graph, Random& random) {
  graph::GraphBuilder builder;
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    graph::NodeFlags flags = graph.flags(node);
    if (random.once_in(8)) flags = flags.with(graph::NodeFlags::kFrozen);
    if (random.once_in(8)) flags = flags.with(graph::NodeFlags::kImmortal);
    std::uint64_t count = graph.reference_count(node);
    if (random.once_in(6)) count += random.below(3);
    if (random.once_in(12)) count = random.below(4);
    builder.add_node({.address = graph.address(node),
                      .type = builder.add_type("", graph.short_type_name(graph.type(node))),
                      .size_bytes = graph.size_bytes(node),
                      .reference_count = count,
                      .flags = flags});
  }
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    for (graph::EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      builder.add_edge(node, graph.target(edge), graph.kind(edge),
                       graph.string(graph.edge_name(edge)), graph.edge_index(edge));
    }
  }
  for (const graph::Root& root : graph.roots()) {
    builder.add_root(root.node, root.kind, "", static_cast<std::uint32_t>(random.below(3)));
  }
  return std::move(builder).build();
}

/// for_random_graphs, half of them with_odd_counts.
template <class Check>
void for_counted_graphs(std::uint64_t count, Check check) {
  for_random_graphs(count, [&check](const graph::HeapGraph& graph, Random& random) {
    if (random.once_in(2)) {
      check(graph);
    } else {
      check(with_odd_counts(graph, random));
    }
  });
}

}  // namespace ouro::test
