#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "analysis/query.hpp"
#include "graph/graph_builder.hpp"
#include "support/graph_text.hpp"

namespace {

using ouro::analysis::fits;
using ouro::analysis::parse_query;
using ouro::test::graph_of;
using ouro::test::NamedGraph;

NamedGraph server() {
  return graph_of(R"(
    list: list 120
    a: Connection 64
    b: Connection 2048
    p: Packet 5000000
    list -> a [0]
    list -> b [1]
    a -> p .packets[0]
    b -> list .owner
    root list
    p untracked
  )");
}

std::vector<std::string> found_by(const std::string& text) {
  const NamedGraph named = server();
  const auto query = parse_query(text);
  EXPECT_TRUE(query) << query.error().to_string();
  std::vector<std::string> names;
  for (const auto node : ouro::analysis::select(named.graph, *query)) {
    names.push_back(named.names[node]);
  }
  return names;
}

std::string complaint_about(const std::string& text) {
  const auto query = parse_query(text);
  return query ? "" : query.error().to_string();
}

using Names = std::vector<std::string>;

TEST(Query, FindsObjectsByTypeRankAndAddress) {
  EXPECT_EQ(found_by("Connection"), (Names{"a", "b"}));
  EXPECT_EQ(found_by("Connection#2"), (Names{"b"}));
  EXPECT_EQ(found_by("Connection#3"), Names{});
  EXPECT_EQ(found_by("Con*"), (Names{"a", "b"}));
  EXPECT_EQ(found_by("*"), (Names{"list", "a", "b", "p"}));
  EXPECT_EQ(found_by("0x10020"), (Names{"a"}));
  EXPECT_EQ(found_by("type=Packet"), (Names{"p"}));
}

TEST(Query, TakesModulesThatNamesArePrintedWithout) {
  ouro::graph::GraphBuilder builder;
  const std::vector<std::pair<std::string, std::string>> types = {
      {"__main__", "Connection"}, {"app", "Connection"}, {"builtins", "dict"}};
  for (const auto& [module, name] : types) {
    builder.add_node(
        {.address = 16 * (builder.node_count() + 1), .type = builder.add_type(module, name)});
  }
  const auto graph = std::move(builder).build();
  const auto found = [&graph](const std::string& text) {
    return ouro::analysis::select(graph, *parse_query(text));
  };
  using Nodes = std::vector<ouro::graph::NodeIndex>;
  EXPECT_EQ(found("Connection"), (Nodes{0, 1}));
  EXPECT_EQ(found("__main__.Connection"), Nodes{0});
  EXPECT_EQ(found("app.Connection#1"), Nodes{1});
  EXPECT_EQ(found("builtins.dict"), Nodes{2});
  EXPECT_EQ(found("other.Connection"), Nodes{});
}

TEST(Query, FindsObjectsByNumbersAndFlags) {
  EXPECT_EQ(found_by("size>1000"), (Names{"b", "p"}));
  EXPECT_EQ(found_by("size>=2KiB size<1MiB"), (Names{"b"}));
  EXPECT_EQ(found_by("size=64"), (Names{"a"}));
  EXPECT_EQ(found_by("size!=64 Connection"), (Names{"b"}));
  EXPECT_EQ(found_by("count=2"), (Names{"list"}));
  EXPECT_EQ(found_by("refs>=2"), (Names{"list"}));
  EXPECT_EQ(found_by("tracked size>1.9KiB"), (Names{"b"}));
}

TEST(Query, FindsObjectsByWhatTheyReferTo) {
  EXPECT_EQ(found_by(".packets"), (Names{"a"}));
  EXPECT_EQ(found_by(".owner=list"), (Names{"b"}));
  EXPECT_EQ(found_by(".owner=Packet"), Names{});
  EXPECT_EQ(found_by("Connection and .owner"), (Names{"b"}));
}

TEST(Query, TakesKeysForFields) {
  const NamedGraph named = graph_of(R"(
    dict: dict
    a: Connection
    b: Connection
    dict -> a .'first'
    dict -> b .'fir'
  )");
  for (const auto& [text, count] : {std::pair{".first", 1u}, {".fir", 1u}, {".f", 0u}}) {
    EXPECT_EQ(ouro::analysis::select(named.graph, *parse_query(text)).size(), count) << text;
  }
}

TEST(Query, CountsRanksWhateverElseIsAsked) {
  EXPECT_EQ(found_by("size>1000 Connection#2"), (Names{"b"}));
  EXPECT_EQ(found_by(".packets Connection#2"), Names{});
}

TEST(Query, SaysWhichWordItDoesNotUnderstand) {
  EXPECT_EQ(complaint_about(""),
            "query: is empty; write for example Connection, Connection#1, 0x7f3a10 or 'size>1MiB'");
  EXPECT_EQ(
      complaint_about("Connection size>big"),
      "query: 'size>big' compares with no number; write for example size>1000 or size>=10MiB");
  EXPECT_EQ(
      complaint_about("weight>3"),
      "query: 'weight>3' compares something unknown; there are size, count, generation, refs, "
      "type and .field=TYPE");
  EXPECT_EQ(complaint_about("Connection#0"),
            "query: 'Connection#0' has no rank after '#'; the first is Connection#1");
  EXPECT_EQ(complaint_about("0xyz"), "query: '0xyz' is no address; one looks like 0x7f3a10");
  EXPECT_EQ(complaint_about("\"open"), "query: '\"open' has no closing quote");
  EXPECT_EQ(complaint_about("."), "query: '.' names no field; write .field");
}

TEST(Query, TakesNumbersAsTheyAreAndRefusesThoseBeyond64Bits) {
  const auto number_in = [](const std::string& text) {
    const auto query = ouro::analysis::parse_query(text);
    return query ? query->terms.at(0).number : 0;
  };
  EXPECT_EQ(number_in("size>9007199254740993"), 9'007'199'254'740'993u);
  EXPECT_EQ(number_in("size>18446744073709551615"), ~std::uint64_t{0});
  EXPECT_EQ(number_in("size>16777215TiB"), 16'777'215u * (std::uint64_t{1} << 40));
  EXPECT_EQ(number_in("size>0.5k"), 512u);
  for (const char* text : {"size>18446744073709551616", "size>16777216TiB", "size>1e400",
                           "size>99999999999999999999.0", "size>17000000.5TiB", "size>1.2.3"}) {
    EXPECT_NE(complaint_about(text).find("compares with no number"), std::string::npos) << text;
  }
}

TEST(Pattern, FitsWithStarsAnywhere) {
  EXPECT_TRUE(fits("a*c", "abbbc"));
  EXPECT_TRUE(fits("*", ""));
  EXPECT_TRUE(fits("*b*b*", "abab"));
  EXPECT_FALSE(fits("a*b", "abc"));
  EXPECT_FALSE(fits("", "a"));
  EXPECT_TRUE(fits("", ""));
}

}  // namespace
