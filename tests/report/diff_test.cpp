#include "report/diff.hpp"

#include <gtest/gtest.h>

#include "report/table.hpp"
#include "support/graph_text.hpp"

namespace {

using namespace ouro::report;
using ouro::analysis::Diff;
using ouro::graph::kNoNode;
using ouro::test::graph_of;
using ouro::test::NamedGraph;

const NamedGraph& heap() {
  static const NamedGraph graph = graph_of("a: list 88\n b: Thing 16\n a -> b [0]\n root a");
  return graph;
}

/// 2 lists and 3,000 things before; one list less and one thing more after.
Diff some_growth() {
  Diff diff;
  diff.before = {3002, 50'000};
  diff.after = {3002, 49'928};
  diff.appeared = {1, 16};
  diff.gone = {1, 88};
  diff.types = {{"Thing", {3000, 48'000}, {3001, 48'016}, {1, 16}, {}, {0, 1}},
                {"unchanged", {5, 50}, {5, 50}, {}, {}, {}},
                {"list", {2, 176}, {1, 88}, {}, {1, 88}, {}}};
  return diff;
}

std::string text_of(const Diff& diff, std::size_t most_rows = 0) {
  const ObjectNames names(heap().graph);
  const Places places(heap().graph, names);
  return diff_text({diff, {}, places, names}, most_rows, kAnyWidth);
}

Json json_of(const Diff& diff, std::size_t most_rows = 0) {
  const ObjectNames names(heap().graph);
  const Places places(heap().graph, names);
  return diff_json({diff, {}, places, names}, most_rows);
}

TEST(DiffText, ShowsGrowthAndShrinkingOfWhatChanged) {
  EXPECT_EQ(text_of(some_growth()),
            "48.8 KiB before, 48.8 KiB after (-72 B); 1 object new, 1 gone.\n"
            "\n"
            "By type:\n"
            "growth  objects  new  gone       now  type   most are in\n"
            " +16 B       +1    1     0  46.9 KiB  Thing  list#1\n"
            " -88 B       -1    0     1      88 B  list\n");
}

TEST(DiffText, ShowsAtMostTheRowsAskedFor) {
  Diff diff = some_growth();
  EXPECT_TRUE(text_of(diff, 1).ends_with("... and 1 type more; -n 0 shows all\n"));
  diff.types.push_back({"dict", {1, 64}, {0, 0}, {}, {1, 64}, {}});
  EXPECT_TRUE(text_of(diff, 1).ends_with("... and 2 types more; -n 0 shows all\n"));
  EXPECT_EQ(text_of(diff, 3), text_of(diff, 0));
  const Json json = json_of(diff, 2);
  ASSERT_EQ(json["types"].size(), 2u) << "what has not changed is no row";
  EXPECT_EQ(json["types"][1]["type"], "list");
  EXPECT_EQ(json["types"][1]["growth_bytes"], -88);
  EXPECT_EQ(json["types"][1]["holder"], nullptr);
}

TEST(DiffText, OfPathsNamesRootsAndExamples) {
  Diff diff = some_growth();
  diff.paths = {{"app.things[]", "Thing", {2, 32}, {}, 1, {0, 2}},
                {"local x", "list", {1, 88}, {}, 0, {kNoNode, 1}},
                {"(not reached)", "", {}, {1, 88}, kNoNode, {}}};
  const std::string text = text_of(diff);
  EXPECT_NE(text.find("By path:\n"
                      "growth  new  gone  type   path from a root\n"
                      " +32 B    2     0  Thing  app.things[]\n"
                      " +88 B    1     0  list   local x\n"
                      " -88 B    0     1         (not reached)\n"),
            std::string::npos)
      << text;
  const Json json = json_of(diff);
  EXPECT_EQ(json["paths"][0]["example"]["name"], "Thing#1");
  EXPECT_EQ(json["paths"][1]["holder"], nullptr);
  EXPECT_EQ(json["paths"][2]["example"], nullptr);
}

TEST(DiffText, OfShapesPutsRootsInBrackets) {
  Diff diff = some_growth();
  diff.shapes = {{"list", "[]", "Thing", {1000, 16'000}}, {"", "global app", "Thing", {1, 16}}};
  EXPECT_TRUE(
      text_of(diff).ends_with("By what refers to the new ones:\n"
                              "  new     bytes  reference\n"
                              "1,000  15.6 KiB  list[] → Thing\n"
                              "    1      16 B  (global app) → Thing\n"))
      << text_of(diff);
}

TEST(DiffText, SaysWhatNoRootLeadsTo) {
  Diff diff = some_growth();
  diff.unreached_before = {2, 64};
  diff.unreached_after = {3000, 48'000};
  diff.types[0].unreached = {1, 16};
  const std::string text = text_of(diff);
  EXPECT_NE(text.find("1 gone.\nNo root leads to 3,000 objects of 46.9 KiB (2 of 64 B before): "
                      "garbage in cycles, as a rule, that waits for a collection (`ouro garbage` "
                      "shows it, `ouro cycles` what makes it).\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("46.9 KiB  Thing  (not reached)\n"), std::string::npos) << text;
  const Json json = json_of(diff);
  EXPECT_EQ(json["unreached"]["before"]["bytes"], 64);
  EXPECT_EQ(json["unreached"]["after"]["objects"], 3000);
}

TEST(DiffText, IsSilentOfTheLittleThatWaitsForACollection) {
  Diff diff = some_growth();
  diff.after.bytes = 100'000;
  diff.unreached_after = {3, 99};
  EXPECT_EQ(text_of(diff).find("No root leads to"), std::string::npos);
  diff.unreached_after = {3, 100};
  EXPECT_NE(text_of(diff).find("No root leads to 3 objects of 100 B"), std::string::npos);
}

/// One object at the address, of a process of that number, if any.
ouro::graph::HeapGraph heap_of(const char* process, std::uint64_t address) {
  ouro::graph::GraphBuilder builder;
  if (process != nullptr) builder.add_fact("pid", process);
  builder.add_node({.address = address, .type = builder.add_type("", "Thing"), .size_bytes = 8});
  return std::move(builder).build();
}

std::string text_of_two(const ouro::graph::HeapGraph& before, const ouro::graph::HeapGraph& after) {
  const ObjectNames names(after);
  const Places places(after, names);
  const DiffView view = diff_view(before, after, places, names, 0);
  EXPECT_EQ(diff_json(view, 0)["is_of_two_processes"], view.is_of_two_processes);
  return diff_text(view, 0, kAnyWidth);
}

TEST(DiffText, SaysThatTwoProcessesHaveLittleInCommon) {
  constexpr const char* kSentence = "The snapshots name two processes";
  EXPECT_NE(text_of_two(heap_of("7", 16), heap_of("8", 32)).find(kSentence), std::string::npos);
  EXPECT_EQ(text_of_two(heap_of("7", 16), heap_of("7", 32)).find(kSentence), std::string::npos);
  EXPECT_EQ(text_of_two(heap_of(nullptr, 16), heap_of("8", 32)).find(kSentence), std::string::npos)
      << "nobody knows";
  EXPECT_EQ(text_of_two(heap_of("7", 16), heap_of("8", 16)).find(kSentence), std::string::npos)
      << "a fork, or another number of the same process";
}

TEST(DiffText, OfGarbageOfTheProgramShowsItsOwnBytes) {
  const auto heap_with = [](bool has_garbage) {
    ouro::graph::GraphBuilder builder;
    builder.add_fact("runtime", "cpython 3.13.0");
    const auto type = builder.add_type("__main__", "Node");
    builder.add_node({.address = 16, .type = type, .size_bytes = 56});
    builder.add_root(0, ouro::graph::RootKind::kGlobal, "module `__main__` .node", 1);
    for (std::uint64_t at = 1; has_garbage && at <= 3; ++at) {
      builder.add_node({.address = 16 + 64 * at, .type = type, .size_bytes = 56});
    }
    return std::move(builder).build();
  };
  const std::string text = text_of_two(heap_with(false), heap_with(true));
  EXPECT_NE(text.find("     +3              +168 B  Node  (not reached)\n"), std::string::npos)
      << text;
}

TEST(DiffText, SaysThatWhatIsThereWasLetGo) {
  const NamedGraph before = graph_of("a: Thing 16\n b: Thing 16\n a -> b\n b -> a\n root a");
  const NamedGraph after = graph_of("a: Thing 16\n b: Thing 16\n a -> b\n b -> a");
  EXPECT_NE(text_of_two(before.graph, after.graph)
                .find("No root leads to 2 objects of 32 B (0 of 0 B before)"),
            std::string::npos);
}

TEST(DiffText, OfNoChangeSaysSo) {
  Diff diff;
  diff.before = diff.after = {5, 500};
  EXPECT_EQ(text_of(diff),
            "500 B before, 500 B after (0 B); 0 objects new, 0 gone.\nNothing has changed.\n");
}

TEST(DiffText, OfOneInAnothersPlaceIsAChange) {
  Diff diff;
  diff.before = diff.after = {1, 16};
  diff.appeared = diff.gone = {1, 16};
  diff.types = {{"Thing", {1, 16}, {1, 16}, {1, 16}, {1, 16}, {}}};
  EXPECT_NE(text_of(diff).find("   0 B        0    1     1  16 B  Thing\n"), std::string::npos)
      << text_of(diff);
}

}  // namespace
