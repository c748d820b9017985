#include "report/garbage.hpp"

#include <gtest/gtest.h>

#include "analysis/garbage.hpp"
#include "report/table.hpp"
#include "support/graph_text.hpp"

namespace {

using namespace ouro::report;
using ouro::test::graph_of;
using ouro::test::NamedGraph;

GarbageView view_of(const NamedGraph& graph) {
  return garbage_view(ouro::analysis::find_garbage(graph.graph), graph.graph);
}

std::string text_of(const NamedGraph& graph, std::size_t most_rows = 0) {
  return to_text(view_of(graph), ObjectNames(graph.graph), most_rows, kAnyWidth);
}

std::string unexplained_of(const NamedGraph& graph, std::size_t most_rows = 0) {
  return unexplained_text(ouro::analysis::find_unexplained_counts(graph.graph), graph.graph,
                          ObjectNames(graph.graph), most_rows, kAnyWidth);
}

TEST(GarbageText, OfOneObjectThatHoldsOneOther) {
  const NamedGraph graph = graph_of(R"(
    a: Node 16
    p: Packet 100
    a -> a .self
    a -> p .packet
    p untracked
  )");
  EXPECT_EQ(text_of(graph),
            "A collection now would free 1 tracked object, 16 B, and with it 1 object that only it "
            "holds, 100 B.\n"
            "\n"
            "objects  bytes  type    for example\n"
            "      1  100 B  Packet  Packet#1\n"
            "      1   16 B  Node    Node#1\n");
}

TEST(GarbageText, OfSeveralObjectsThatHoldSeveralOthers) {
  const NamedGraph graph = graph_of(R"(
    a: Node 16
    b: Node 16
    p: Packet 10
    q: Packet 10
    a -> b .next
    b -> a .next
    a -> p .packet
    b -> q .packet
    p untracked
    q untracked
  )");
  EXPECT_EQ(text_of(graph, 1),
            "A collection now would free 2 tracked objects, 32 B, and with them 2 objects that "
            "only they hold, 20 B.\n"
            "\n"
            "objects  bytes  type  for example\n"
            "      2   32 B  Node  Node#1\n"
            "... and 1 type more; -n 0 shows all\n");
}

TEST(GarbageText, WithoutGarbageSaysWhatIsTracked) {
  EXPECT_EQ(text_of(graph_of("a: Node 16\n b: Node 16\n root a\n root b")),
            "There is no cyclic garbage: all of the 2 objects that the collector tracks are held "
            "from outside.\n");
  EXPECT_EQ(text_of(graph_of("a: Node 16\n root a")),
            "There is no cyclic garbage: the only object that the collector tracks is held from "
            "outside.\n");
  EXPECT_EQ(text_of(graph_of("a: Node 16\n a untracked\n root a")),
            "There is no cyclic garbage: the snapshot has no object that the collector tracks.\n");
  EXPECT_EQ(text_of(graph_of("")),
            "There is no cyclic garbage: the snapshot has no object that the collector tracks.\n");
}

TEST(GarbageText, SaysWhereTheSnapshotContradictsItself) {
  const NamedGraph one = graph_of(R"(
    a: Node 16
    b: Node 16
    a -> b .x
    a -> b .y
    b count 1
    root a
  )");
  EXPECT_NE(
      text_of(one).find("\nThe snapshot contradicts itself: 1 object has more references than "
                        "counted.\n"),
      std::string::npos)
      << text_of(one);
  const NamedGraph two = graph_of(R"(
    a: Node 16
    b: Node 16
    a -> b .x
    a -> b .y
    b -> a .x
    b -> a .y
    a count 1
    b count 1
  )");
  EXPECT_NE(text_of(two).find(": 2 objects have more references"), std::string::npos)
      << text_of(two);
  const Json json = to_json(view_of(one), ObjectNames(one.graph), 0);
  ASSERT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["errors"][0]["object"]["name"], "Node#2");
  EXPECT_EQ(json["errors"][0]["count"], 1);
  EXPECT_EQ(json["errors"][0]["references"], 2);
}

TEST(UnexplainedText, CountsMoreAndFewer) {
  const NamedGraph graph = graph_of(R"(
    a: Held 16
    b: Lost 16
    a -> b .x
    a -> b .y
    a count 4
    b count 1
    root a
  )");
  EXPECT_EQ(unexplained_of(graph),
            "2 objects have counts that references and roots do not explain. More counts than "
            "references: something that the snapshot does not see holds it, such as C code. Fewer: "
            "an error.\n"
            "\n"
            "objects  references  fewer  type\n"
            "      1           0      1  Lost\n"
            "      1           3      0  Held\n"
            "\n"
            "count  unexplained  object\n"
            "    4           +3  Held#1\n"
            "    1           -1  Lost#1\n");
  EXPECT_NE(unexplained_of(graph, 1).find("... and 1 type more; -n 0 shows all\n"),
            std::string::npos);
  EXPECT_TRUE(unexplained_of(graph, 1).ends_with("... and 1 object more; -n 0 shows all\n"));
}

TEST(UnexplainedText, OfOneObjectIsInTheSingular) {
  EXPECT_TRUE(unexplained_of(graph_of("a: Held 16\n a count 2\n root a"))
                  .starts_with("1 object has a count that references and roots do not explain."));
}

}  // namespace
