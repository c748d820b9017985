#include "report/why.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "analysis/folded_references.hpp"
#include "graph/graph_builder.hpp"
#include "report/explain.hpp"
#include "report/table.hpp"

namespace {

using namespace ouro::report;
using ouro::graph::EdgeIndex;
using ouro::graph::EdgeMeaning;
using ouro::graph::GraphBuilder;
using ouro::graph::HeapGraph;
using ouro::graph::NodeFlags;
using ouro::graph::NodeIndex;
using ouro::graph::RootKind;

// module `app` --> list#1 --[3]--> str#1; str#2 is immortal and held by nobody.
struct Heap {
  Heap() {
    GraphBuilder builder;
    const auto list = builder.add_type("builtins", "list");
    const auto text = builder.add_type("builtins", "str");
    builder.add_node({.type = list, .size_bytes = 88, .reference_count = 1});
    builder.add_node({.type = text, .size_bytes = 52, .reference_count = 3});
    builder.set_preview(1, "'alice'");
    builder.add_node({.type = text, .size_bytes = 49, .flags = NodeFlags(NodeFlags::kImmortal)});
    builder.add_edge(0, 1, EdgeMeaning::kItem, "", 3);
    builder.add_root(0, RootKind::kGlobal, "module `app` .names", 1);
    builder.add_root(1, RootKind::kOutside, "", 1);
    graph = std::move(builder).build();
  }

  HeapGraph graph;
};

Why held(const HeapGraph& graph) {
  Why why;
  why.node = 1;
  why.paths.push_back(readable(graph, {.start_index = 0, .start = 0, .edges = {0}}));
  why.holder_count = 1;
  return why;
}

std::string text_of(const Why& why, const HeapGraph& graph, std::size_t width = kAnyWidth) {
  return to_text(why, graph, ObjectNames(graph), width);
}

TEST(WhyText, OfOnePathIsInTheSingular) {
  const Heap heap;
  EXPECT_EQ(text_of(held(heap.graph), heap.graph),
            "str#1 'alice'  (52 B, count 3)\n"
            "is alive because of 1 reference:\n"
            "\n"
            "  module `app` .names\n"
            "         list#1\n"
            "    [3]  str#1 'alice'\n");
}

TEST(WhyText, NamesEveryRootOfTheObjectItself) {
  GraphBuilder builder;
  builder.add_node({.type = builder.add_type("app", "Job"), .size_bytes = 48});
  for (const char* name : {"local a", "local b", "local c"}) {
    builder.add_root(0, RootKind::kLocal, name, 1);
  }
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  const ouro::analysis::FoldedReferences references(graph);
  const auto text = [&](std::size_t most) {
    return to_text(explain(references, 0, names, {.most_paths = most}), graph, names, kAnyWidth);
  };
  const std::string first =
      "Job#1  (48 B, count 0)\n"
      "is alive because of 3 references:\n"
      "\n"
      "  local a\n"
      "      Job#1\n"
      "  also local b\n";
  EXPECT_EQ(text(0), first + "  also local c\n");
  EXPECT_EQ(text(3), first + "  also local c\n");
  EXPECT_EQ(text(1), first + "\n... and 1 reference more; -n 0 shows all\n");
  const ouro::report::Json json = to_json(explain(references, 0, names, {.most_paths = 0}), names);
  EXPECT_EQ(json["other_roots"][1]["name"], "local c");
}

/// Node 0 is the cell, node 1 the job. Without roots.
GraphBuilder job_in_a_cell() {
  GraphBuilder builder;
  builder.add_node({.type = builder.add_type("builtins", "cell"), .size_bytes = 40});
  builder.add_node({.type = builder.add_type("app", "Job"), .size_bytes = 48});
  builder.add_edge(0, 1, EdgeMeaning::kAttribute, "cell_contents");
  return builder;
}

// A variable in a cell is a root twice: the cell, and what is in it.
TEST(WhyText, NamesAVariableInACellOnce) {
  for (const bool is_first : {false, true}) {
    GraphBuilder builder = job_in_a_cell();
    builder.add_root(0, RootKind::kLocal, "frame f, local x", 1);
    if (is_first) builder.add_root(1, RootKind::kLocal, "frame f, local x", 0);
    builder.add_root(1, RootKind::kLocal, "frame g, local y", 1);
    if (!is_first) builder.add_root(1, RootKind::kLocal, "frame f, local x", 0);
    const HeapGraph graph = std::move(builder).build();
    const ObjectNames names(graph);
    const ouro::analysis::FoldedReferences references(graph);
    const Why why = explain(references, 1, names, {.most_paths = 0});
    const std::string text = to_text(why, graph, names, kAnyWidth);
    for (const char* name : {"local x", "local y"}) {
      const std::size_t at = text.find(name);
      EXPECT_TRUE(at != std::string::npos && text.find(name, at + 1) == std::string::npos) << text;
    }
    EXPECT_EQ(text.find("keeps alive itself"), std::string::npos) << text;
    for (const std::size_t most : {1u, 2u, 9u}) {
      const Why some = explain(references, 1, names, {.most_paths = most});
      EXPECT_EQ(some.holder_count, 2u);
      EXPECT_EQ(some.paths.size(), std::min<std::size_t>(most, 2));
    }
  }
}

TEST(WhyText, OfAVariableInACellAloneShowsThePathThroughTheCell) {
  GraphBuilder builder = job_in_a_cell();
  builder.add_root(1, RootKind::kLocal, "frame f, local x", 0);
  builder.add_root(0, RootKind::kLocal, "frame f, local x", 1);
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  for (const std::size_t most : {0u, 1u, 2u}) {
    const Why why = explain(graph, 1, names, {.most_paths = most});
    ASSERT_EQ(why.paths.size(), 1u);
    EXPECT_EQ(why.paths[0].root.name, "frame f, local x");
    EXPECT_EQ(why.holder_count, 1u);
  }
}

// All roots of what C code holds have one name.
TEST(WhyText, NamesWhatCCodeHoldsBesideACell) {
  GraphBuilder builder = job_in_a_cell();
  builder.add_root(0, RootKind::kOutside, "C code", 1);
  builder.add_root(1, RootKind::kOutside, "C code", 1);
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  const ouro::analysis::FoldedReferences references(graph);
  using ouro::analysis::Distinct;
  for (const Distinct distinct : {Distinct::kHolders, Distinct::kRoots, Distinct::kRootKinds}) {
    for (const std::size_t most : {0u, 1u, 2u}) {
      EXPECT_EQ(explain(references, 1, names, {distinct, most}).holder_count, 2u);
    }
  }
}

TEST(WhyText, ByRootNamesEveryRootOfTheObjectItself) {
  GraphBuilder builder;
  builder.add_node({.type = builder.add_type("app", "Job"), .size_bytes = 48});
  builder.add_root(0, RootKind::kLocal, "local a", 1);
  builder.add_root(0, RootKind::kLocal, "local b", 1);
  const HeapGraph graph = std::move(builder).build();
  const ObjectNames names(graph);
  const ouro::analysis::FoldedReferences references(graph);
  const auto text = [&](ouro::analysis::Distinct distinct, std::size_t most) {
    return to_text(explain(references, 0, names, {distinct, most}), graph, names, kAnyWidth);
  };
  const std::string first =
      "Job#1  (48 B, count 0)\nis alive because of 2 references:\n\n"
      "  local a\n      Job#1\n";
  using ouro::analysis::Distinct;
  EXPECT_EQ(text(Distinct::kRoots, 0), first + "  also local b\n");
  EXPECT_EQ(text(Distinct::kRootKinds, 0), first);
  EXPECT_EQ(text(Distinct::kRootKinds, 1), first + "\n... and maybe more; -n 0 shows all\n");
}

TEST(WhyText, OfWhatTheQuestionAloneHoldsSaysSo) {
  GraphBuilder builder;
  builder.add_node({.type = builder.add_type("app", "Job"), .size_bytes = 48});
  const HeapGraph graph = std::move(builder).build();
  Why why;
  why.node = 0;
  EXPECT_EQ(text_of(why, graph),
            "Job#1  (48 B, count 0)\n"
            "is held by nothing but the question: it goes when that is answered.\n");
}

TEST(WhyText, LeavesOutTheMiddleOfAChainOfThousands) {
  GraphBuilder builder;
  const auto link = builder.add_type("app", "Link");
  constexpr NodeIndex kLinks = 3000;
  for (NodeIndex at = 0; at < kLinks; ++at) {
    builder.add_node({.type = link, .size_bytes = 48, .reference_count = 1});
    if (at > 0) builder.add_edge(at - 1, at, EdgeMeaning::kAttribute, "next");
  }
  builder.add_root(0, RootKind::kGlobal, "head", 1);
  const HeapGraph graph = std::move(builder).build();
  Why why;
  why.node = kLinks - 1;
  ouro::analysis::Path path{.start_index = 0, .start = 0, .edges = {}};
  for (EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) path.edges.push_back(edge);
  why.paths.push_back(readable(graph, path));
  why.holder_count = 1;
  const std::string text = text_of(why, graph);
  EXPECT_EQ(std::ranges::count(text, '\n'), 3 + 1 + 41) << text;
  EXPECT_NE(text.find("    .next  Link#20\n"
                      "    ...    2,960 steps more; --json has them\n"
                      "    .next  Link#2981\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(to_json(why, ObjectNames(graph))["paths"][0]["steps"].size(), kLinks);
}

TEST(WhyText, CallsARootWithoutANameByItsKind) {
  const Heap heap;
  const WhyPath path = readable(heap.graph, {.start_index = 1, .start = 1, .edges = {}});
  EXPECT_EQ(path.root.name, "");
  EXPECT_EQ(path.root.kind, "outside");
  EXPECT_EQ(to_text(path, ObjectNames(heap.graph), kAnyWidth, ""), "outside\n    str#1 'alice'\n");
}

TEST(WhyText, SaysHowManyReferencesItLeavesOut) {
  const Heap heap;
  Why why = held(heap.graph);
  why.holder_count = 2;
  EXPECT_TRUE(text_of(why, heap.graph).ends_with("\n... and 1 reference more; -n 0 shows all\n"));
  why.holder_count = 1235;
  EXPECT_TRUE(
      text_of(why, heap.graph).ends_with("\n... and 1,234 references more; -n 0 shows all\n"));
}

TEST(WhyText, SaysWhenTheOthersAreKeptAliveByItself) {
  const Heap heap;
  Why why = held(heap.graph);
  why.has_all_paths = true;
  EXPECT_EQ(text_of(why, heap.graph).find("reference comes"), std::string::npos);
  why.holder_count = 2;
  EXPECT_TRUE(
      text_of(why, heap.graph)
          .ends_with("\nAnother reference comes from objects that it keeps alive itself.\n"));
  why.holder_count = 3;
  EXPECT_TRUE(text_of(why, heap.graph)
                  .ends_with("\nOther references come from objects that it keeps alive itself.\n"));
}

TEST(WhyText, SaysThatTheSearchWasCutShort) {
  const Heap heap;
  Why why = held(heap.graph);
  why.is_complete = false;
  EXPECT_TRUE(text_of(why, heap.graph)
                  .ends_with("(The search was cut short: other paths may be shorter.)\n"));
}

TEST(WhyText, OfAnImmortalObjectShowsNoCount) {
  const Heap heap;
  Why why;
  why.node = 2;
  EXPECT_TRUE(text_of(why, heap.graph).starts_with("str#2  (49 B, immortal)\nis not held: "));
}

TEST(WhyText, OfGarbageShowsWhatRefersToIt) {
  const Heap heap;
  Why why;
  why.node = 1;
  why.holders = {{"[3]", 0}};
  why.holder_count = 1;
  EXPECT_TRUE(text_of(why, heap.graph).ends_with("\n1 reference to it, from:\n  list#1  [3]\n"));
  EXPECT_EQ(to_json(why, ObjectNames(heap.graph))["is_held"], false);
}

TEST(WhyText, ShortensRootAndObjectsToTheWidth) {
  const Heap heap;
  WhyPath path = readable(heap.graph, {.start_index = 0, .start = 0, .edges = {0}});
  path.root.name = std::string(60, 'r');
  path.steps[1].label = '.' + std::string(60, 'l');
  const std::string text = to_text(path, ObjectNames(heap.graph), 40, "  ");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(width_of(text.substr(begin, end - begin)), 40u) << text;
    begin = end + 1;
  }
}

TEST(WhyText, OfAPathFromNoRootNamesNone) {
  const Heap heap;
  const WhyPath path = readable(heap.graph, {.start_index = 99, .start = 0, .edges = {0}});
  EXPECT_EQ(path.root.kind, "");
  EXPECT_EQ(path.steps.size(), 2u);
}

}  // namespace
