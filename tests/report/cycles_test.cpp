#include "report/cycles.hpp"

#include <gtest/gtest.h>

#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/reachability.hpp"
#include "report/table.hpp"
#include "support/graph_text.hpp"

namespace {

using namespace ouro::report;
using ouro::analysis::Cycles;
using ouro::test::graph_of;
using ouro::test::NamedGraph;

Cycles cycles_of(const NamedGraph& graph) {
  return ouro::analysis::find_cycles(graph.graph, ouro::analysis::Components(graph.graph),
                                     ouro::analysis::reachable_from_roots(graph.graph));
}

std::string text_of(const NamedGraph& graph, const Cycles& cycles, std::size_t most_rows = 0,
                    std::size_t width = kAnyWidth) {
  return cycles_text(cycles, graph.graph, ObjectNames(graph.graph), most_rows, width);
}

const char* const kPair = R"(
  a: Dungeon 40
  b: Monster 24
  a -> b .boss
  b -> a .dungeon
)";

/// One shape that is all garbage, with one reference to cut.
TEST(CyclesText, OfOneGroupIsInTheSingular) {
  const NamedGraph graph = graph_of(kPair);
  const std::string text = text_of(graph, cycles_of(graph));
  EXPECT_TRUE(
      text.starts_with("1 group of objects that refer to each other in cycles, of 1 shape.\n\n1. "))
      << text;
  EXPECT_NE(text.find("   how many   1 group, 2 objects, 64 B, garbage\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("   With this reference weak, no cycle is left, and counts alone free 2 "
                      "objects, 64 B\n"),
            std::string::npos)
      << text;
}

TEST(CyclesText, OfWhatRootsHoldSaysSo) {
  const NamedGraph graph = graph_of(std::string(kPair) + "root a");
  const std::string text = text_of(graph, cycles_of(graph));
  EXPECT_NE(text.find("2 objects, 64 B, all held from outside\n"), std::string::npos) << text;
}

TEST(CyclesText, SaysHowManyGroupsStayCyclic) {
  const NamedGraph graph = graph_of(kPair);
  Cycles cycles = cycles_of(graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  cycles.shapes[0].all = {1200, 5000, 4096};
  cycles.shapes[0].cut.references = 1500;
  cycles.shapes[0].cut.freed = {1199, 1, 16};
  EXPECT_NE(text_of(graph, cycles)
                .find("   With these 1,500 references weak, cycles are left in 1 of 1,200 groups; "
                      "counts alone free 1 object, 16 B\n"),
            std::string::npos)
      << text_of(graph, cycles);
}

TEST(CyclesText, OfACutThatFreesNothingSaysThatItIsNotEnough) {
  // Round by .next, back by .last, and across: without one kind the others still go round.
  const NamedGraph graph = graph_of(R"(
    a: Peer 16
    b: Peer 16
    c: Peer 16
    d: Peer 16
    a -> b .next
    b -> c .next
    c -> d .next
    d -> a .next
    a -> d .last
    d -> c .last
    c -> b .last
    b -> a .last
    a -> c .opposite
    c -> a .opposite
    b -> d .opposite
    d -> b .opposite
  )");
  const Cycles cycles = cycles_of(graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  ASSERT_EQ(cycles.shapes[0].cut.freed.objects, 0u);
  const std::string text = text_of(graph, cycles);
  EXPECT_NE(text.find("   make weak  Peer."), std::string::npos) << text;
  EXPECT_NE(text.find(", and others\n"
                      "   This alone frees nothing: the group is held together by more cycles, "
                      "through other references.\n"),
            std::string::npos)
      << text;
}

TEST(CyclesText, SaysWhereAShorterCycleMayBe) {
  const NamedGraph graph = graph_of(kPair);
  Cycles cycles = cycles_of(graph);
  EXPECT_EQ(text_of(graph, cycles).find("too large"), std::string::npos);
  cycles.shapes[0].sampled_components = 1;
  EXPECT_TRUE(text_of(graph, cycles)
                  .ends_with("   1 group too large to search whole: a shorter cycle may be in "
                             "there.\n"));
  cycles.shapes[0].sampled_components = 2;
  EXPECT_TRUE(text_of(graph, cycles)
                  .ends_with("   2 groups too large to search whole: a shorter cycle may be in "
                             "there.\n"));
  const Json json = cycles_json(cycles, graph.graph, ObjectNames(graph.graph), 0);
  EXPECT_EQ(json["shapes"][0]["is_exact"], false);
}

TEST(CyclesText, ShowsAtMostTheRowsAskedFor) {
  const NamedGraph graph = graph_of(R"(
    a: A 30
    b: B 20
    c: C 10
    a -> a .x
    b -> b .x
    c -> c .x
  )");
  const Cycles cycles = cycles_of(graph);
  ASSERT_EQ(cycles.shapes.size(), 3u);
  EXPECT_TRUE(text_of(graph, cycles, 2).ends_with("\n... and 1 shape more; -n 0 shows all\n"));
  EXPECT_TRUE(text_of(graph, cycles, 1).ends_with("\n... and 2 shapes more; -n 0 shows all\n"));
  EXPECT_EQ(text_of(graph, cycles, 3), text_of(graph, cycles, 0));
  EXPECT_EQ(cycles_json(cycles, graph.graph, ObjectNames(graph.graph), 2)["shapes"].size(), 2u);
}

TEST(CyclesText, FitsANarrowTerminal) {
  const NamedGraph graph = graph_of(kPair);
  const std::string text = text_of(graph, cycles_of(graph), 0, 40);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(width_of(text.substr(begin, end - begin)), 66u) << text;
    begin = end + 1;
  }
}

TEST(CyclesText, OfNoneSaysSo) {
  const NamedGraph graph = graph_of("a: A 10\n root a");
  EXPECT_EQ(text_of(graph, cycles_of(graph)), "There are no reference cycles.\n");
}

TEST(CutName, IsTheLastStep) {
  ouro::analysis::CycleShape shape;
  EXPECT_EQ(cut_of(shape), "");
  shape.steps = {{"Dungeon", ".boss"}, {"Monster", ".dungeon"}};
  EXPECT_EQ(cut_of(shape), "Monster.dungeon");
}

}  // namespace
