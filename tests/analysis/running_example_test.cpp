// The graph of docs/design/analysis.md, and what the page says of it after each algorithm.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/garbage.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/reachability.hpp"
#include "analysis/retained.hpp"
#include "analysis/several_paths.hpp"
#include "analysis/shortest_paths.hpp"
#include "analysis/unexplained_counts.hpp"
#include "support/graph_text.hpp"

namespace ouro::analysis {
namespace {

using graph::kNoNode;
using Names = std::vector<std::string>;

class RunningExample : public testing::Test {
 protected:
  const test::NamedGraph named_ = test::graph_of(R"(
    app: App 100
    cache: Cache 40
    s1: Session 50
    s2: Session 50
    log: Log 20
    data: Data 600
    config: Config 30
    h1: Handler 10
    x: Session 50
    y: Handler 10

    root app
    app -> cache .cache
    app -> log .log
    cache -> s1 [0]
    cache -> s2 [1]
    s1 -> data .data
    s1 -> config .config
    s1 -> h1 .handler
    s2 -> config .config
    s2 ~> data .recent
    h1 -> s1 .session
    x -> y .handler
    y -> x .session
    y -> log .log
    data untracked
  )");
  const HeapGraph& graph_ = named_.graph;

  NodeIndex node(const std::string& name) const { return named_[name]; }
  const std::string& name(NodeIndex node) const { return named_.names[node]; }
  Names names(const std::vector<NodeIndex>& nodes) const {
    Names out;
    for (const NodeIndex node : nodes) out.push_back(name(node));
    return out;
  }
  Names path_names(const Path& path) const { return names(nodes_on(graph_, path)); }
};

TEST_F(RunningExample, CountsAddUp) {
  EXPECT_EQ(graph_.reference_count(node("s1")), 2u);
  EXPECT_EQ(graph_.reference_count(node("log")), 2u);
  EXPECT_EQ(graph_.reference_count(node("data")), 1u) << "the weak reference does not count";
  EXPECT_TRUE(find_unexplained_counts(graph_).by_node.empty());
}

TEST_F(RunningExample, ShortestPathsFormAForest) {
  const auto forest = ShortestPaths::from_roots(graph_);
  std::vector<std::string> parents;
  std::string distances;
  for (NodeIndex at = 0; at < graph_.node_count(); ++at) {
    const NodeIndex parent = forest.parent(at);
    parents.push_back(parent == kNoNode ? "-" : name(parent));
    distances += forest.is_reached(at) ? std::to_string(forest.distance(at)) : "-";
  }
  EXPECT_EQ(parents, (Names{"-", "app", "cache", "cache", "app", "s1", "s1", "s1", "-", "-"}));
  EXPECT_EQ(distances, "01221333--");

  const ReverseEdges reverse(graph_);
  const SeveralPaths several = several_paths(forest, reverse, node("config"), 3);
  ASSERT_EQ(several.paths.size(), 2u);
  EXPECT_EQ(path_names(several.paths[0]), (Names{"app", "cache", "s1", "config"}));
  EXPECT_EQ(path_names(several.paths[1]), (Names{"app", "cache", "s2", "config"}));
  EXPECT_EQ(several_paths(forest, reverse, node("s1"), 3).paths.size(), 1u)
      << "its handler holds it, but lives by it alone";
}

TEST_F(RunningExample, TwoComponentsAreOneShapeAndHandlerSessionIsToCut) {
  const Components components(graph_);
  ASSERT_EQ(components.count(), 2u);
  EXPECT_EQ(components.of(node("s1")), 1u);
  EXPECT_EQ(components.of(node("h1")), 1u);
  EXPECT_EQ(components.of(node("x")), 0u);
  EXPECT_EQ(components.of(node("y")), 0u);
  EXPECT_FALSE(components.is_on_cycle(node("s2")));

  const Cycles cycles = find_cycles(graph_, components, reachable_from_roots(graph_));
  ASSERT_EQ(cycles.shapes.size(), 1u);
  const CycleShape& shape = cycles.shapes[0];
  EXPECT_EQ(to_string(shape.steps), "Session.handler -> Handler.session ->");
  EXPECT_EQ(shape.all, (CycleTally{2, 4, 120}));
  EXPECT_EQ(shape.held, (CycleTally{1, 2, 60}));
  EXPECT_EQ(shape.cut.references, 2u);
  EXPECT_EQ(shape.cut.freed, (CycleTally{2, 4, 120}));
}

TEST_F(RunningExample, GarbageIsTheLostSessionAndItsHandler) {
  const Garbage garbage = find_garbage(graph_);
  EXPECT_EQ(garbage.candidate_count, 9u);
  EXPECT_EQ(names(garbage.garbage.nodes), (Names{"x", "y"}));
  EXPECT_EQ(garbage.garbage.size_bytes, 60u);
  EXPECT_TRUE(garbage.held_by_garbage.nodes.empty());
  EXPECT_TRUE(garbage.errors.empty());
}

TEST_F(RunningExample, DominatorsSayWhatEachRetains) {
  const DominatorTree tree = dominators(graph_);
  Names dominator_names;
  std::vector<std::uint64_t> retained;
  for (NodeIndex at = 0; at < graph_.node_count(); ++at) {
    const NodeIndex above = tree.immediate_dominator(at);
    dominator_names.push_back(above == kNoNode               ? "-"
                              : above == tree.virtual_root() ? "roots"
                                                             : name(above));
    retained.push_back(tree.retained_bytes(at));
  }
  EXPECT_EQ(dominator_names,
            (Names{"roots", "app", "cache", "cache", "app", "s1", "cache", "s1", "-", "-"}));
  EXPECT_EQ(retained, (std::vector<std::uint64_t>{900, 780, 660, 50, 20, 600, 30, 10, 0, 0}));

  const std::vector<NodeIndex> sessions{node("s1"), node("s2")};
  EXPECT_EQ(dominated_by(tree, DominatorOrder(tree), sessions), (Amount{4, 710}));
  EXPECT_EQ(retained_by(graph_, sessions), (Amount{5, 740})) << "and config, which both hold";
}

TEST_F(RunningExample, TheDataIsSuspected) {
  const DominatorTree tree = dominators(graph_);
  const auto suspects = leak_suspects(graph_, tree, DominatorOrder(tree));
  ASSERT_FALSE(suspects.empty());
  EXPECT_EQ(suspects[0].reason, SuspectReason::kLargeObject);
  EXPECT_EQ(name(suspects[0].node), "data");
  EXPECT_EQ(suspects[0].retained_bytes, 600u);
  EXPECT_NEAR(suspects[0].share, 2.0 / 3, 1e-9);
  EXPECT_EQ(suspects.size(), 1u);
}

}  // namespace
}  // namespace ouro::analysis
