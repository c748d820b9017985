#include "text/sniff.hpp"

#include <gtest/gtest.h>

namespace ouro::text {
namespace {

TEST(Sniff, TellsDotByItsFirstWords) {
  for (const char* text :
       {"digraph{", "digraph {a->b}", "graph G {", "strict graph G{", "STRICT DiGraph \"a b\" {",
        "// licence\n/* more */\n# line\n digraph\n\n{", "digraph 12 {", "digraph <b> {",
        "\xEF\xBB\xBF"
        "digraph {",
        "digraph /* name */ G // x\n {", "graph \"never ends"}) {
    EXPECT_EQ(sniff(text), GraphFormat::kDot) << text;
  }
}

TEST(Sniff, TakesALineThatOnlyBeginsAsDotAsAnEdgeList) {
  for (const char* text : {"graph node\n", "digraph\n", "strict a\n", "a b\n", "", "digraphs {",
                           "graph,b", "# digraph {\na b\n", "1 2\n", "{", "strict strict graph {",
                           "/* never ends", "// x", "strict digraph"}) {
    EXPECT_EQ(sniff(text), GraphFormat::kEdgeList) << text;
  }
}

TEST(Sniff, TellsOurosFileByItsMagic) {
  EXPECT_EQ(sniff("OURO\x01"), GraphFormat::kOuro);
  EXPECT_EQ(sniff("OUR"), GraphFormat::kEdgeList);
}

}  // namespace
}  // namespace ouro::text
