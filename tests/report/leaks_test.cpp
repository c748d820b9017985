#include "report/leaks.hpp"

#include <gtest/gtest.h>

#include "graph/graph_builder.hpp"
#include "report/leak_search.hpp"

namespace ouro::report {
namespace {

using graph::RootKind;

/// A heap of objects, each held by a root of its own.
struct HeldObjects {
  graph::GraphBuilder builder;

  void add(const std::string& type, RootKind kind) {
    const auto node =
        builder.add_node({.address = 0x1000 + 16 * std::uint64_t{builder.node_count()},
                          .type = builder.add_type("", type),
                          .size_bytes = 16,
                          .reference_count = 1});
    builder.add_root(node, kind, "", 1);
  }
};

TEST(HeldWithoutName, CountsObjectsOfOutsideRootsAloneAndNamesTheMostFrequentType) {
  HeldObjects heap;
  heap.add("Item", RootKind::kOutside);
  heap.add("Other", RootKind::kOutside);
  heap.add("Item", RootKind::kOutside);
  heap.add("Item", RootKind::kGlobal);
  heap.builder.add_root(0, RootKind::kOutside, "", 1);  // the same object again
  const HeldWithoutName held = held_without_name(std::move(heap.builder).build());
  EXPECT_EQ(held.objects, 3u);
  EXPECT_EQ(held.most_type, "Item");
  EXPECT_EQ(held.of_most_type, 2u);
}

TEST(HeldWithoutName, IsNothingWhereAllRootsHaveNames) {
  HeldObjects heap;
  heap.add("Item", RootKind::kGlobal);
  EXPECT_EQ(held_without_name(std::move(heap.builder).build()).objects, 0u);
}

TEST(LeakReportText, SaysWhatIsHeldByVariablesWithoutNames) {
  HeldObjects heap;
  heap.builder.add_fact("runtime", "ouro");
  for (int at = 0; at < 3; ++at) heap.add("Item", RootKind::kOutside);
  const graph::HeapGraph graph = std::move(heap.builder).build();
  LeakReport report;
  report.held_without_name = held_without_name(graph);
  const std::string text = to_text(report, graph, ObjectNames(graph), kAnyWidth);
  EXPECT_NE(text.find("3 objects are held by variables that have no name here, all of type Item. "
                      "ouro::NamedRoot gives a variable a name."),
            std::string::npos)
      << text;
}

/// module _pool -> 300 connections, which are most of the heap.
std::vector<SuspectView> suspects_of_module(graph::EdgeMeaning meaning) {
  graph::GraphBuilder builder;
  builder.add_fact("runtime", "cpython 3.11");
  const auto module = builder.add_node({.type = builder.add_type("", "module"), .size_bytes = 100});
  builder.add_root(module, RootKind::kGlobal, "module _pool", 1);
  const auto type = builder.add_type("_pool", "Connection");
  for (int at = 0; at < 300; ++at) {
    builder.add_edge(module, builder.add_node({.type = type, .size_bytes = 1000}), meaning);
  }
  const graph::HeapGraph graph = std::move(builder).build();
  return find_leaks(graph, ObjectNames(graph), 0).suspects;
}

TEST(LeakSearch, AModuleIsAPlaceForWhatItCollectsWithoutNames) {
  for (const auto meaning : {graph::EdgeMeaning::kItem, graph::EdgeMeaning::kOther}) {
    const auto suspects = suspects_of_module(meaning);
    ASSERT_EQ(suspects.size(), 1u);
    EXPECT_EQ(suspects[0].suspect.reason, analysis::SuspectReason::kManyOfOneType);
    EXPECT_EQ(suspects[0].suspect.accumulated.count, 300u);
  }
  EXPECT_TRUE(suspects_of_module(graph::EdgeMeaning::kAttribute).empty());
}

}  // namespace
}  // namespace ouro::report
