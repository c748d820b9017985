#include "analysis/edge_classes.hpp"

#include <gtest/gtest.h>

#include "graph/graph_builder.hpp"

namespace ouro::analysis {
namespace {

using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::GraphBuilder;
using graph::HeapGraph;
using graph::NodeIndex;

/// The class of each edge, in order.
std::vector<EdgeClass> classes_of(const HeapGraph& graph) {
  EdgeClasses classes(graph);
  std::vector<EdgeClass> found;
  for (graph::EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    found.push_back(classes.of(graph.source(edge), edge));
  }
  return found;
}

TEST(EdgeClasses, AreOneForAllKeysAndPlaces) {
  GraphBuilder builder;
  const NodeIndex dict = builder.add_node({.type = builder.add_type("builtins", "dict")});
  builder.add_edge(dict, dict, EdgeMeaning::kValue, "'alice'");
  builder.add_edge(dict, dict, EdgeMeaning::kValue, "'bob'");
  builder.add_edge(dict, dict, EdgeMeaning::kKey, "'alice'");
  builder.add_edge(dict, dict, EdgeMeaning::kKey, "'bob'");
  builder.add_edge(dict, dict, EdgeMeaning::kItem, "[]", 3);
  EXPECT_EQ(classes_of(std::move(builder).build()), (std::vector<EdgeClass>{0, 0, 1, 1, 0}));
}

TEST(EdgeClasses, TellTypesAndFieldsApartByName) {
  GraphBuilder builder;
  const NodeIndex a = builder.add_node({.type = builder.add_type("app", "Node")});
  const NodeIndex b = builder.add_node({.type = builder.add_type("lib", "Node")});
  builder.add_edge(a, b, EdgeMeaning::kAttribute, "next");
  builder.add_edge(a, b, EdgeMeaning::kVariable, "next");
  builder.add_edge(a, b, EdgeMeaning::kAttribute, "other");
  builder.add_edge(b, a, EdgeMeaning::kAttribute, "next");
  const HeapGraph graph = std::move(builder).build();
  EXPECT_EQ(classes_of(graph), (std::vector<EdgeClass>{0, 0, 1, 2}));
  EdgeClasses classes(graph);
  const EdgeClass last = classes.of(b, 3);
  EXPECT_EQ(classes.type_name(last), "lib.Node");
  EXPECT_EQ(classes.reference(last), ".next");
  EXPECT_EQ(classes.meaning(last), EdgeMeaning::kAttribute);
}

TEST(EdgeClasses, NeedNeitherTypesNorNames) {
  graph::Columns columns;
  const std::vector<graph::EdgeIndex> begins{0, 1};
  const std::vector<NodeIndex> targets{0};
  columns.node_count = 1;
  columns.edge_count = 1;
  columns.edge_begins = begins;
  columns.targets = targets;
  // String 0, the empty one, is always there.
  const std::vector<std::uint64_t> string_begins{0, 0};
  columns.strings = graph::Strings(string_begins, "");
  EXPECT_EQ(classes_of(HeapGraph(columns, nullptr)), std::vector<EdgeClass>{0});
}

}  // namespace
}  // namespace ouro::analysis
