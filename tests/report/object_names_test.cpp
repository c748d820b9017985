#include "report/object_names.hpp"

#include <gtest/gtest.h>

#include "graph/graph_builder.hpp"

namespace {

using ouro::graph::GraphBuilder;
using ouro::graph::HeapGraph;
using ouro::report::ObjectNames;

TEST(ObjectNames, CountFromOneByTypeInTheOrderOfTheFile) {
  GraphBuilder builder;
  const auto list = builder.add_type("builtins", "list");
  const auto connection = builder.add_type("server", "Connection");
  builder.add_node({.type = list});
  builder.add_node({.type = connection});
  builder.add_node({.type = list});
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  EXPECT_EQ(names.name(0), "list#1");
  EXPECT_EQ(names.name(1), "Connection#1");
  EXPECT_EQ(names.name(2), "list#2");
}

TEST(ObjectNames, ShowTheModuleOnlyWhereTypesShareAName) {
  GraphBuilder builder;
  const auto first = builder.add_type("http", "Connection");
  const auto second = builder.add_type("database", "Connection");
  const auto own = builder.add_type("app", "dict");
  const auto built_in = builder.add_type("builtins", "dict");
  const auto alone = builder.add_type("app", "Session");
  for (const auto type : {first, second, own, built_in, alone}) builder.add_node({.type = type});
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  EXPECT_EQ(names.type_name(first), "http.Connection");
  EXPECT_EQ(names.name(1), "database.Connection#1");
  EXPECT_EQ(names.name(2), "app.dict#1");
  EXPECT_EQ(names.name(3), "dict#1") << "the builtins' has no module to show";
  EXPECT_EQ(names.name(4), "Session#1");
}

TEST(ObjectNames, ShowWhatAnObjectShowsOfItself) {
  GraphBuilder builder;
  const auto text = builder.add_type("builtins", "str");
  const auto node =
      builder.add_node({.address = 0x7f3a10, .type = text, .size_bytes = 52, .reference_count = 3});
  builder.set_preview(node, "'alice'");
  const auto silent = builder.add_node({.type = text});
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  EXPECT_EQ(names.described(node), "str#1 'alice'");
  EXPECT_EQ(names.described(silent), "str#2");
  EXPECT_EQ(
      names.json(node).dump(),
      R"({"name":"str#1","node":0,"address":"0x7f3a10","type":"str","size_bytes":52,"count":3,)"
      R"("preview":"'alice'"})");
  EXPECT_FALSE(names.json(silent).contains("preview"));
}

TEST(ObjectNames, WithoutTypesAreOfNodes) {
  ouro::graph::Columns columns;
  columns.node_count = 2;
  const HeapGraph graph(columns, nullptr);
  const ObjectNames names(graph);
  EXPECT_EQ(names.name(0), "node#1");
  EXPECT_EQ(names.name(1), "node#2");
  EXPECT_EQ(names.json(1).dump(),
            R"({"name":"node#2","node":1,"address":"0x0","type":"node","size_bytes":0,"count":0})");
}

TEST(ObjectNames, OfNothingAreNone) {
  const HeapGraph graph;
  EXPECT_EQ(ObjectNames(graph).type_name(0), "node");
}

}  // namespace
