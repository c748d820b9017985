#include "text/dot.hpp"

#include <gtest/gtest.h>

#include <string>

#include "text/text_graph.hpp"

namespace ouro::test {
namespace {

std::string read(const std::string& text) {
  return outcome(dot(text));
}

TEST(Dot, ReadsNodesAndEdges) {
  EXPECT_EQ(read("digraph { lost; main -> a; a -> b }"), "lost\nmain\na\nb\nmain -> a\na -> b\n");
  EXPECT_EQ(read("digraph name {a b\nc}"), "a\nb\nc\n");
  EXPECT_EQ(read("digraph {}"), "");
}

TEST(Dot, ReadsChainsAndLists) {
  EXPECT_EQ(read("digraph { a -> b -> c }"), "a\nb\nc\na -> b\nb -> c\n");
  EXPECT_EQ(read("digraph { a, b -> c, d }"), "a\nb\nc\nd\na -> c\na -> d\nb -> c\nb -> d\n");
}

TEST(Dot, CountsEdgesOfAnUndirectedGraphBothWays) {
  EXPECT_EQ(read("graph { a -- b -- c; d -- d }"),
            "a\nb\nc\nd\na -> b\nb -> a\nb -> c\nc -> b\nd -> d\n");
}

TEST(Dot, MergesParallelEdgesOfAStrictGraph) {
  EXPECT_EQ(read("strict digraph { a -> b; a -> b; b -> a; a -> a; a -> a; c -> b }"),
            "a\nb\nc\na -> a\na -> b\nb -> a\nc -> b\n");
  EXPECT_EQ(read("strict graph { a -- b; b -- a }"), "a\nb\na -> b\nb -> a\n");
  EXPECT_EQ(read("digraph { a -> b; a -> b }"), "a\nb\na -> b\na -> b\n");
}

TEST(Dot, TakesASubgraphForAllOfItsNodes) {
  EXPECT_EQ(read("digraph { a -> { b c } -> d }"), "a\nb\nc\nd\na -> b\na -> c\nb -> d\nc -> d\n");
  EXPECT_EQ(read("digraph { subgraph s { a -> b } -> { c { d } } }"),
            "a\nb\nc\nd\na -> b\na -> c\na -> d\nb -> c\nb -> d\n");
  EXPECT_EQ(read("digraph { a -> {} -> b; {} }"), "a\nb\n");
  EXPECT_EQ(read("digraph { subgraph { a; a; a } -> b }"), "a\nb\na -> b\n");
}

TEST(Dot, KeepsANamedSubgraphForWhenItIsOpenedAgain) {
  EXPECT_EQ(
      read("digraph { subgraph s {a} subgraph s {b} -> c; subgraph t {d}; d -> subgraph s {} }"),
      "a\nb\nc\nd\na -> c\nb -> c\nd -> a\nd -> b\n");
  EXPECT_EQ(read("digraph { a -> subgraph s {b} -> subgraph s {c} }"),
            "a\nb\nc\na -> b\na -> c\nb -> b\nb -> c\nc -> b\nc -> c\n");
  // A name is known where it was given: these are two subgraphs.
  EXPECT_EQ(read("digraph { subgraph s {a} {subgraph s {b} -> c} }"), "a\nb\nc\nb -> c\n");
}

TEST(Dot, SkipsAttributes) {
  EXPECT_EQ(
      read("digraph { graph [a=b]; node [shape=box, color=\"red\"; style=bold] edge[x=1][y=2]\n"
           "rankdir=LR; \"a b\"=<x>; a [label=\"]\"] -> never }"),
      "error: graph.dot: line 2, column 38: expected a node, an edge or '}', found '->'");
  EXPECT_EQ(
      read("digraph { graph [a=b]; node [shape=box, color=\"red\"; style=bold] edge[x=1][y=2]\n"
           "rankdir=LR; \"a b\"=<x>; a [label=\"]\"][label=<<b>]</b>>]; a -> b [flag weight=.5 "
           "z=\"1\" + \"2\"] }"),
      "a\nb\na -> b\n");
}

TEST(Dot, SkipsPorts) {
  EXPECT_EQ(read("digraph { a:p -> b:\"q\":ne -> c:s; d:w }"), "a\nb\nc\nd\na -> b\nb -> c\n");
}

TEST(Dot, NamesNodesAsGraphvizDoes) {
  EXPECT_EQ(
      read(R"(digraph { "a b" -> "say \"hi\"" -> "back\\slash\n" })"),
      "a b\nsay \"hi\"\nback\\\\slash\\n\na b -> say \"hi\"\nsay \"hi\" -> back\\\\slash\\n\n");
  EXPECT_EQ(read("digraph { \"one\\\nline\"; \"two\\\r\nlines\"; \"\"; \"1\"; 1 }"),
            "oneline\ntwolines\n\n1\n");
  EXPECT_EQ(read("digraph { \"a\" + \"b\" -> \"c\"+\"d\"+\"e\" }"), "ab\ncde\nab -> cde\n");
  EXPECT_EQ(
      read("digraph { -1 -> 2.50 -> .5 -> -.5 -> 3. -> 007 }"),
      "-1\n2.50\n.5\n-.5\n3.\n007\n-1 -> 2.50\n2.50 -> .5\n.5 -> -.5\n-.5 -> 3.\n3. -> 007\n");
  EXPECT_EQ(read("digraph { <a <b>c</b>> -> größe -> _1 }"),
            "<a <b>c</b>>\ngröße\n_1\n<a <b>c</b>> -> größe\ngröße -> _1\n");
}

TEST(Dot, KnowsKeywordsInAnyCaseUnlessQuoted) {
  EXPECT_EQ(read("STRICT DiGraph { Node [a=b]; SubGraph { a } \"node\" -> \"graph\" }"),
            "a\nnode\ngraph\nnode -> graph\n");
}

TEST(Dot, SkipsComments) {
  EXPECT_EQ(
      read("# line\n// a\n/* b\n ** / */ digraph /**/ { a // -> x\n  # y\n-> /* z */ b }// end\n"
           "/* end */\n# end"),
      "a\nb\na -> b\n");
  EXPECT_EQ(read("digraph { \"// a\" -> \"/* b\" }"), "// a\n/* b\n// a -> /* b\n");
}

TEST(Dot, ReadsLineEndsOfAllKindsAndAByteOrderMark) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "digraph {\r\n a -> b;\r\n}\r\n"),
            "a\nb\na -> b\n");
}

TEST(Dot, NamesLineAndColumnOfWhatItDidNotExpect) {
  const auto error = [](const std::string& text) {
    const std::string found = read(text);
    const std::string begin = "error: graph.dot: line ";
    return found.starts_with(begin) ? found.substr(begin.size()) : "no error: " + found;
  };
  EXPECT_EQ(error(""), "1, column 1: expected 'digraph' or 'graph', found the end of the file");
  EXPECT_EQ(error("\n  graf {"), "2, column 3: expected 'digraph' or 'graph', found \"graf\"");
  EXPECT_EQ(error("digraph a b {"), "1, column 11: expected '{', found \"b\"");
  EXPECT_EQ(error("digraph {\n a -> { b\n"),
            "3, column 1: expected '}', found the end of the file; the '{' at line 2, column 7 is "
            "not closed");
  EXPECT_EQ(error("digraph { größe -- b }"),
            "1, column 17: expected '->', found '--'; edges of a 'digraph' are directed");
  EXPECT_EQ(error("graph { a -> b }"),
            "1, column 11: expected '--', found '->'; edges of a 'graph' have no direction, those "
            "of a 'digraph' do");
  EXPECT_EQ(error("digraph { a -> }"),
            "1, column 16: expected a node or a subgraph behind the edge, found '}'");
  EXPECT_EQ(error("digraph { -> a }"), "1, column 11: expected a node, an edge or '}', found '->'");
  EXPECT_EQ(error("digraph { a, }"), "1, column 14: expected a node behind ',', found '}'");
  EXPECT_EQ(error("digraph { a: }"), "1, column 14: expected a port behind ':', found '}'");
  EXPECT_EQ(error("digraph { a = }"), "1, column 15: expected a value behind '=', found '}'");
  EXPECT_EQ(error("digraph { node a }"), "1, column 16: expected '[' with attributes, found \"a\"");
  EXPECT_EQ(error("digraph { subgraph s a }"), "1, column 22: expected '{', found \"a\"");
  EXPECT_EQ(error("digraph { a [x=] }"), "1, column 16: expected a value behind '=', found ']'");
  EXPECT_EQ(error("digraph { a [->] }"), "1, column 14: expected an attribute or ']', found '->'");
  EXPECT_EQ(
      error("digraph { a [x=1"),
      "1, column 17: expected ']', found the end of the file; the '[' at line 1, column 13 is "
      "not closed");
  EXPECT_EQ(error("digraph { a } digraph { b }"),
            "1, column 15: expected the end of the file behind the graph, found \"digraph\"; one "
            "graph is read from a file");
  EXPECT_EQ(error("digraph { 1a }"),
            "1, column 11: expected a number or a name, found \"1a\", which begins as a number; "
            "names like this stand in double quotes");
  EXPECT_EQ(
      error("digraph { a.b }"),
      "1, column 12: expected digits beside \".\"; names with a point stand in double quotes");
  EXPECT_EQ(
      error("digraph { . }"),
      "1, column 11: expected digits beside \".\"; names with a point stand in double quotes");
  EXPECT_EQ(error("digraph { a - b }"),
            "1, column 13: expected '->', '--' or a number, found '-' alone");
  EXPECT_EQ(
      error("digraph { a & b }"),
      "1, column 13: expected a name or one of { } [ ] = ; , : -> --, found \"&\"; names with "
      "other characters stand in double quotes");
  EXPECT_EQ(error("digraph { \"a\" + b }"), "1, column 17: expected a quoted string behind '+'");
  EXPECT_EQ(error("digraph { a / b }"),
            "1, column 13: expected // or /* for a comment, found '/' alone");
  EXPECT_EQ(error("digraph { \n /* a"),
            "2, column 2: the comment that begins here has no end: */ is missing");
  EXPECT_EQ(error("digraph { \"a\n"),
            "1, column 11: the string that begins here has no end: \" is missing");
  EXPECT_EQ(error("digraph { <a <b>\n"),
            "1, column 11: the HTML that begins here has no end: its < and > are not balanced");
}

TEST(Dot, ReadsTheSameWhereverABlockEnds) {
  const std::string text =
      "\xEF\xBB\xBFstrict digraph \"x\" { /* c */ a:p -> {\"b\\\"\" 12.5} // d\n"
      "# e\r\n größe [k=\"v\" + \"w\"] -1 -> <h<i>> }\n";
  const std::string expected = read(text);
  ASSERT_FALSE(expected.starts_with("error")) << expected;
  for (std::size_t size = 1; size <= text.size(); ++size) {
    EXPECT_EQ(outcome(dot(text, {.first_bytes = size})), expected) << size;
    EXPECT_EQ(outcome(dot(text, {size, size})), expected) << size;
  }
}

TEST(Dot, PassesOnWhatIsWrongWithTheInput) {
  const std::string cut("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03", 10);
  EXPECT_EQ(read(cut),
            "error: graph.dot: byte 10: expected more gzip data, found the end of the file; was it "
            "copied completely?");
}

TEST(Dot, ReadsSubgraphsInSubgraphsAndChainsOfAnyLength) {
  constexpr std::size_t kDepth = 1'000'000;
  const std::string nested =
      "digraph {" + std::string(kDepth, '{') + "a" + std::string(kDepth, '}') + " -> b }";
  EXPECT_EQ(read(nested), "a\nb\na -> b\n");

  std::string named = "digraph {";
  for (std::size_t level = 0; level < 100'000; ++level) named += "subgraph s {a;";
  EXPECT_EQ(read(named + std::string(100'000, '}') + " -> b }"), "a\nb\na -> b\n");

  std::string chain = "digraph { 0";
  for (std::size_t node = 1; node < kDepth; ++node) chain += "->" + std::to_string(node);
  const Result<PlainGraph> graph = dot(chain + "}");
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->edge_count(), kDepth - 1);
}

TEST(Dot, RefusesMoreEdgesBetweenSubgraphsThanAGraphCanHave) {
  std::string nodes;
  for (std::size_t node = 0; node < 70'000; ++node) nodes += " " + std::to_string(node);
  const std::string message = read("digraph { {" + nodes + "} -> {" + nodes + "} }");
  EXPECT_TRUE(
      message.ends_with(": the edges between these subgraphs are more than a graph can have"))
      << message.substr(0, 200);
}

}  // namespace
}  // namespace ouro::test
