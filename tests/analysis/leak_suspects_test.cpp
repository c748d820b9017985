#include "analysis/leak_suspects.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/graph_text.hpp"
#include "support/removal.hpp"

namespace ouro::analysis {
namespace {

using graph::EdgeMeaning;
using graph::GraphBuilder;
using graph::kNoNode;
using graph::RootKind;
using test::Random;

std::vector<LeakSuspect> suspects_of(const HeapGraph& graph, LeakSuspectOptions options = {}) {
  const DominatorTree tree = dominators(graph);
  return leak_suspects(graph, tree, DominatorOrder(tree), options);
}

/// A program to plant leaks in: 20 modules, each a root with a dict of 40 objects of several types.
class Program {
 public:
  static constexpr std::size_t kModules = 20;

  Program() {
    for (std::size_t at = 0; at < kModules; ++at) {
      const NodeIndex module = add("module", 100);
      const NodeIndex dict = refer(module, add("dict", 1000));
      builder_.add_root(module, RootKind::kGlobal, "m" + std::to_string(at), 1);
      modules_.push_back(module);
      for (std::size_t object = 0; object < 40; ++object) {
        const NodeIndex node = refer(dict, add(kTypes[object % 4], 100 + 10 * (object % 7)));
        refer(node, add("str", 50));
      }
    }
  }
  NodeIndex add(const std::string& type, std::uint64_t size_bytes) {
    return builder_.add_node({.address = 0x1000 + 16 * std::uint64_t{builder_.node_count()},
                              .type = builder_.add_type("", type),
                              .size_bytes = size_bytes,
                              .reference_count = 1});
  }
  NodeIndex refer(NodeIndex from, NodeIndex to) {
    builder_.add_edge(from, to, EdgeMeaning::kAttribute, "x");
    return to;
  }
  NodeIndex module(std::size_t at) const { return modules_[at]; }
  void add_root(NodeIndex node) { builder_.add_root(node, RootKind::kNamed, "root", 1); }
  HeapGraph build() { return std::move(builder_).build(); }

 private:
  static constexpr const char* kTypes[] = {"function", "class", "tuple", "list"};

  GraphBuilder builder_;
  std::vector<NodeIndex> modules_;
};

TEST(LeakSuspects, OfAnInnocentProgramAreNone) {
  EXPECT_TRUE(suspects_of(Program().build()).empty());
  EXPECT_TRUE(suspects_of(HeapGraph()).empty());
}

// module -> Server -> list -> 1000 Connections, each with a buffer of its own.
TEST(LeakSuspects, NameTheContainerWhereManyOfOneTypePileUp) {
  Program program;
  const NodeIndex server = program.refer(program.module(3), program.add("Server", 50));
  const NodeIndex list = program.refer(server, program.add("list", 8000));
  for (int at = 0; at < 1000; ++at) {
    const NodeIndex connection = program.refer(list, program.add("Connection", 300));
    program.refer(connection, program.add("bytearray", 700));
  }
  const HeapGraph graph = program.build();
  const std::vector<LeakSuspect> suspects = suspects_of(graph);
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kManyOfOneType);
  EXPECT_EQ(suspects[0].node, list);
  EXPECT_TRUE(suspects[0].is_only_holder);
  EXPECT_EQ(graph.type_name(suspects[0].type), "Connection");
  EXPECT_EQ(suspects[0].accumulated, (Amount{1000, 1'000'000}));
  EXPECT_EQ(suspects[0].retained_bytes, 1'008'000u);
  EXPECT_GT(suspects[0].share, 0.8);
  EXPECT_LT(suspects[0].score, suspects[0].share);
}

TEST(LeakSuspects, AreSortedByWhatPilesUp) {
  Program program;
  for (const unsigned size_bytes : {300u, 900u, 600u}) {
    const NodeIndex list = program.refer(program.module(size_bytes / 100), program.add("list", 8));
    for (int at = 0; at < 1000; ++at) program.refer(list, program.add("Row", size_bytes));
  }
  const std::vector<LeakSuspect> suspects = suspects_of(program.build());
  ASSERT_EQ(suspects.size(), 3u);
  EXPECT_EQ(suspects[0].accumulated.bytes, 900'000u);
  EXPECT_EQ(suspects[1].accumulated.bytes, 600'000u);
  EXPECT_EQ(suspects[2].accumulated.bytes, 300'000u);
}

TEST(LeakSuspects, NameTheFirstLinkOfALongChain) {
  constexpr std::uint64_t kLinks = 1'000'000;
  Program program;
  const NodeIndex first = program.refer(program.module(0), program.add("Link", 64));
  NodeIndex last = first;
  for (std::uint64_t at = 1; at < kLinks; ++at) {
    last = program.refer(last, program.add("Link", 64));
  }
  const HeapGraph graph = program.build();
  const std::vector<LeakSuspect> suspects = suspects_of(graph);
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kLongChain);
  EXPECT_EQ(suspects[0].node, first);
  EXPECT_EQ(graph.type_name(suspects[0].type), "Link");
  EXPECT_EQ(suspects[0].accumulated, (Amount{kLinks, 64 * kLinks}));
}

TEST(LeakSuspects, NameAnObjectThatIsLargeItself) {
  Program program;
  const NodeIndex bytes = program.refer(program.module(7), program.add("bytes", 5'000'000));
  const std::vector<LeakSuspect> suspects = suspects_of(program.build());
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kLargeObject);
  EXPECT_EQ(suspects[0].node, bytes);
}

// 30 sessions, of which one holds 90 objects of nine types, each of 2000 bytes.
TEST(LeakSuspects, NameAnObjectFarAboveItsPeers) {
  Program program;
  NodeIndex session = kNoNode;
  for (std::size_t at = 0; at < 30; ++at) {
    session = program.add("Session", 80);
    program.add_root(session);
  }
  for (std::size_t at = 0; at < 90; ++at) {
    program.refer(session, program.add("Thing" + std::to_string(at % 9), 2000));
  }
  LeakSuspectOptions options;
  options.large_share = 1;
  const std::vector<LeakSuspect> suspects = suspects_of(program.build(), options);
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kAbovePeers);
  EXPECT_EQ(suspects[0].node, session);
  EXPECT_EQ(suspects[0].node_with_peers, session);
  EXPECT_EQ(suspects[0].peer_count, 29u);
  EXPECT_EQ(suspects[0].median_peer_bytes, 80u);
}

TEST(LeakSuspects, NameALargeShareOfManyTypes) {
  Program program;
  const NodeIndex registry = program.refer(program.module(1), program.add("Registry", 80));
  for (std::size_t at = 0; at < 90; ++at) {
    program.refer(registry, program.add("Thing" + std::to_string(at % 9), 5000));
  }
  const std::vector<LeakSuspect> suspects = suspects_of(program.build());
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kLargeShare);
  EXPECT_EQ(suspects[0].node, registry);
}

// Rows in a table, each of which another module knows too: no one object dominates them.
TEST(LeakSuspects, NameTheContainerOfWhatOthersHoldToo) {
  Program program;
  const NodeIndex table = program.refer(program.module(1), program.add("list", 8));
  for (std::size_t at = 0; at < 1000; ++at) {
    const NodeIndex row = program.refer(table, program.add("Row", 500));
    program.refer(program.module(2 + at % 9), row);
  }
  const std::vector<LeakSuspect> suspects = suspects_of(program.build());
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kManyOfOneType);
  EXPECT_EQ(suspects[0].node, table);
  EXPECT_FALSE(suspects[0].is_only_holder);
  EXPECT_EQ(suspects[0].accumulated, (Amount{1000, 500'000}));
}

TEST(LeakSuspects, NameWhatNoRootReachesButIsCounted) {
  Program program;
  for (int at = 0; at < 500; ++at) program.add("Lost", 1000);
  const HeapGraph graph = program.build();
  const std::vector<LeakSuspect> suspects = suspects_of(graph);
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects[0].reason, SuspectReason::kUnreachable);
  EXPECT_EQ(suspects[0].node, kNoNode);
  EXPECT_EQ(graph.type_name(suspects[0].type), "Lost");
  EXPECT_EQ(suspects[0].accumulated, (Amount{500, 500'000}));
}

std::uint64_t bytes_freed_without(const HeapGraph& graph, const std::vector<NodeIndex>& removed) {
  std::vector<NodeIndex> starts;
  for (const graph::Root& root : graph.roots()) starts.push_back(root.node);
  const std::vector<bool> reached = test::reached_without(graph, starts, {});
  const std::vector<bool> rest = test::reached_without(graph, starts, removed);
  std::uint64_t bytes = 0;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (reached[node] && !rest[node]) bytes += graph.size_bytes(node);
  }
  return bytes;
}

TEST(LeakSuspects, OfRandomGraphsRetainWhatTheirRemovalFrees) {
  LeakSuspectOptions options{.fewest_instances = 3, .fewest_peers = 1, .least_peer_ratio = 3};
  std::size_t suspect_count = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    test::RandomGraphOptions graph_options;
    graph_options.node_count = random.below(31);
    graph_options.edge_count = graph_options.node_count * (1 + random.below(3));
    graph_options.root_count = random.below(4);
    graph_options.weak_one_in = random.once_in(2) ? 5 : 0;
    const HeapGraph graph = test::random_graph(random, graph_options);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + test::to_text(graph));
    const std::vector<LeakSuspect> suspects = suspects_of(graph, options);
    suspect_count += suspects.size();
    for (const LeakSuspect& suspect : suspects) {
      ASSERT_GT(suspect.score, 0);
      ASSERT_LE(suspect.score, 1);
      if (suspect.node == kNoNode) continue;
      ASSERT_EQ(suspect.retained_bytes, bytes_freed_without(graph, {suspect.node}));
      if (!suspect.is_only_holder) continue;
      ASSERT_GE(suspect.share, options.least_share);
      ASSERT_LE(suspect.accumulated.bytes, suspect.retained_bytes);
    }
    ASSERT_TRUE(std::ranges::is_sorted(suspects, std::greater<>(), &LeakSuspect::score));
  }
  EXPECT_GT(suspect_count, 1000u);
}

}  // namespace
}  // namespace ouro::analysis
