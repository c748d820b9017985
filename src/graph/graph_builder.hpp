// Makes a HeapGraph in memory, node by node and edge by edge.
//
//   GraphBuilder builder;
//   const TypeIndex type = builder.add_type("", "Dungeon");
//   const NodeIndex a = builder.add_node({.address = 0x1000, .type = type, .size_bytes = 40});
//   builder.add_edge(a, b, EdgeMeaning::kAttribute, "dungeon");
//   builder.add_root(a, RootKind::kOutside, "", 1);
//   HeapGraph graph = std::move(builder).build();
//
// Edges may come in any order and keep it among those of one source. Memory: 32 bytes a node and 24
// an edge while building, the graph's own beside them at the end.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::graph {

struct NodeRow {
  std::uint64_t address = 0;
  TypeIndex type = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t reference_count = 0;
  NodeFlags flags{};
};

class GraphBuilder {
 public:
  /// The same row for the same names.
  TypeIndex add_type(std::string_view module, std::string_view name);
  void set_type_node(TypeIndex type, NodeIndex node) { types_[type].node = node; }

  /// Precondition, here and below: fewer than kMostNodes and kMostEdges so far.
  NodeIndex add_node(const NodeRow& row);
  void set_reference_count(NodeIndex node, std::uint64_t count) { counts_[node] = count; }
  /// At most once a node.
  void set_preview(NodeIndex node, std::string_view text);

  void add_edge(NodeIndex from, NodeIndex to, EdgeKind kind = {}, std::string_view name = {},
                std::uint64_t index = 0);
  void add_edge(NodeIndex from, NodeIndex to, EdgeKind kind, StringIndex name, std::uint64_t index);
  StringIndex add_string(std::string_view text) { return strings_.add(text); }

  void add_root(NodeIndex node, RootKind kind, std::string_view name, std::uint32_t references);
  void add_fact(std::string_view key, std::string_view value);

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(addresses_.size()); }
  std::uint64_t edge_count() const { return targets_.size(); }

  /// Precondition: every edge's ends and every root are nodes.
  HeapGraph build() &&;

 private:
  void sort_edges_by_source();

  StringsBuilder strings_;
  std::vector<std::uint64_t> addresses_;
  std::vector<std::uint32_t> node_types_;
  std::vector<std::uint64_t> sizes_;
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint32_t> flags_;
  std::vector<NodeIndex> preview_nodes_;
  std::vector<StringIndex> preview_texts_;
  std::vector<NodeIndex> sources_;
  std::vector<NodeIndex> targets_;
  std::vector<std::uint32_t> kinds_;
  std::vector<std::uint32_t> names_;
  std::vector<std::uint64_t> indexes_;
  std::vector<Root> roots_;
  std::vector<TypeRow> types_;
  std::vector<FactRow> facts_;
  std::unordered_map<std::uint64_t, TypeIndex> type_by_names_;
};

}  // namespace ouro::graph
