// A graph that was only declared, and numbers that are none.
#include <gtest/gtest.h>

#include "graph/graph_file.hpp"
#include "graph/heap_graph.hpp"
#include "support/graph_walk.hpp"
#include "support/temporary_folder.hpp"

namespace {

using ouro::graph::HeapGraph;

TEST(GraphOfNothing, AnswersEveryQuestionAboutTheWhole) {
  const HeapGraph graph;
  EXPECT_EQ(graph.node_count(), 0u);
  EXPECT_EQ(graph.edge_count(), 0u);
  EXPECT_EQ(graph.type_count(), 0u);
  EXPECT_FALSE(graph.require());
  EXPECT_TRUE(graph.roots().empty());
  EXPECT_TRUE(graph.edge_begins().empty());
  EXPECT_EQ(graph.fact("pid"), "");
  EXPECT_EQ(ouro::test::everything_of(graph), "");
}

TEST(GraphOfNothing, HasOnlyEmptyStringsAndNoTypes) {
  const HeapGraph graph;
  EXPECT_EQ(graph.string(0), "");
  EXPECT_EQ(graph.string(0xFFFFFFFF), "");
  EXPECT_EQ(graph.type_name(0), "node");
  EXPECT_EQ(graph.short_type_name(0xFFFFFFFF), "node");
  EXPECT_EQ(graph.preview(0), "");
}

TEST(GraphOfNothing, IsWrittenAndRead) {
  const ouro::test::TemporaryFolder folder;
  ASSERT_FALSE(ouro::graph::write_graph(HeapGraph(), folder / "nothing.ouro"));
  const auto read = ouro::graph::open_graph(folder / "nothing.ouro");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_FALSE(read->require());
  EXPECT_EQ(read->node_count(), 0u);
}

TEST(NodeTypes, ThatAreNoneAreAllTheSameOne) {
  const std::byte types[] = {std::byte{0}, std::byte{1}, std::byte{200}};
  const ouro::graph::TypeRow row;
  ouro::graph::Columns columns;
  columns.node_count = 3;
  columns.types = {types, 3, 1};
  columns.types_table = {&row, 1};
  const HeapGraph graph(columns, nullptr);
  EXPECT_EQ(graph.type(0), 0u);
  EXPECT_EQ(graph.type(1), graph.type_count());
  EXPECT_EQ(graph.type(2), graph.type_count());
  EXPECT_EQ(graph.type_name(graph.type(2)), "node");
}

}  // namespace
