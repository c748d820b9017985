#include "text/reached.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "text/text_graph.hpp"

namespace ouro::test {
namespace {

std::vector<NodeIndex> nodes_named(const PlainGraph& graph,
                                   std::initializer_list<const char*> names) {
  std::vector<NodeIndex> nodes;
  for (const char* name : names) nodes.push_back(graph.find(name).value());
  return nodes;
}

std::string unreachable_names(const PlainGraph& graph, std::initializer_list<const char*> roots) {
  std::string text;
  for (const NodeIndex node : text::unreachable(graph, nodes_named(graph, roots))) {
    text += graph.name(node) + " ";
  }
  return text;
}

//   main -> a -> b     lost -> b     x <-> y     alone
TEST(Unreachable, NamesWhatNoRootReachesInInputOrder) {
  const Result<PlainGraph> graph = edge_list("lost b\nmain a\na b\nx y\ny x\nalone\n");
  ASSERT_TRUE(graph);
  EXPECT_EQ(unreachable_names(*graph, {"main"}), "lost x y alone ");
  EXPECT_EQ(unreachable_names(*graph, {"main", "x"}), "lost alone ");
  EXPECT_EQ(unreachable_names(*graph, {"alone", "alone"}), "lost b main a x y ");
  EXPECT_EQ(unreachable_names(*graph, {}), "lost b main a x y alone ");
}

TEST(Unreachable, CountsAndKnowsWhatIsReached) {
  const Result<PlainGraph> graph = edge_list("main a\na b\nb main\nlost a\n");
  ASSERT_TRUE(graph);
  const text::ReachedNodes reached = text::reached_from(*graph, nodes_named(*graph, {"main"}));
  EXPECT_EQ(reached.count(), 3u);
  EXPECT_TRUE(reached.contains(*graph->find("b")));
  EXPECT_FALSE(reached.contains(*graph->find("lost")));
}

TEST(Unreachable, FollowsAChainOfAMillionNodes) {
  constexpr std::uint32_t kNodes = 1'500'000;
  std::string text = "lost 0\n";
  for (std::uint32_t node = 0; node + 1 < kNodes; ++node) {
    text += std::to_string(node) + " " + std::to_string(node + 1) + "\n";
  }
  const Result<PlainGraph> graph = edge_list(std::move(text));
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->node_count(), kNodes + 1);
  EXPECT_EQ(unreachable_names(*graph, {"0"}), "lost ");
}

TEST(Unreachable, HasNoneInTheEmptyGraph) {
  const Result<PlainGraph> graph = edge_list("");
  ASSERT_TRUE(graph);
  EXPECT_EQ(unreachable_names(*graph, {}), "");
}

}  // namespace
}  // namespace ouro::test
