// Takes any bytes for a query and asks it of a graph that has a bit of everything, and of one that
// has nothing.
#include "analysis/query.hpp"

#include <algorithm>

#include "fuzz/targets.hpp"
#include "graph/graph_builder.hpp"

namespace ouro::fuzz {

namespace {

const graph::HeapGraph& rich_graph() {
  static const graph::HeapGraph graph = [] {
    graph::GraphBuilder builder;
    const auto list = builder.add_type("builtins", "list");
    const auto connection = builder.add_type("server.net", "Connection");
    const auto a = builder.add_node({.address = 0x7f3a10,
                                     .type = list,
                                     .size_bytes = 5'000'000'000,
                                     .reference_count = 2,
                                     .flags = graph::NodeFlags::tracked(2)});
    const auto b = builder.add_node({.address = 0x7f3a20,
                                     .type = connection,
                                     .size_bytes = 48,
                                     .reference_count = 1,
                                     .flags = graph::NodeFlags(graph::NodeFlags::kImmortal)});
    builder.set_preview(b, "peer \"10.0.0.1\"");
    builder.add_edge(a, b, graph::EdgeMeaning::kItem, "", 3);
    builder.add_edge(b, a, graph::EdgeMeaning::kAttribute, "packets[]");
    builder.add_root(a, graph::RootKind::kGlobal, "module `server`", 1);
    return std::move(builder).build();
  }();
  return graph;
}

void ask(const graph::HeapGraph& graph, const analysis::Query& query) {
  const auto all = analysis::select(graph, query);
  require(std::ranges::is_sorted(all), "objects come in their order");
  require(all.empty() || all.back() < graph.node_count(), "what is found is a node");
  const auto first = analysis::select(graph, query, 1);
  require(first.size() == std::min<std::size_t>(all.size(), 1), "the first is found alone too");
  require(first.empty() || first.front() == all.front(), "the first alone is the first of all");
}

}  // namespace

void query(std::string_view bytes) {
  const auto parsed = analysis::parse_query(bytes);
  if (!parsed) {
    require(!parsed.error().message.empty(), "an error says what is wrong");
    return;
  }
  ask(rich_graph(), *parsed);
  ask(graph::HeapGraph(), *parsed);
}

}  // namespace ouro::fuzz
