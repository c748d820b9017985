// Sizes and counts as a hostile file may have them: near 2^63 and 2^64, adding up to anything.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "analysis/diff.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/unexplained_counts.hpp"
#include "graph/graph_builder.hpp"

namespace {

using namespace ouro::analysis;
using ouro::graph::GraphBuilder;

constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;

TEST(LyingNumbers, GrowWithoutOverflow) {
  GraphBuilder builder;
  builder.add_node({.address = 8, .type = builder.add_type("", "Huge"), .size_bytes = kHalf});
  builder.add_node({.address = 16, .type = builder.add_type("", "Small"), .size_bytes = 1});
  const HeapGraph huge = std::move(builder).build();
  for (const Diff& change : {diff(HeapGraph(), huge), diff(huge, HeapGraph())}) {
    ASSERT_EQ(change.types.size(), 2u);
    EXPECT_EQ(change.types[0].type, "Small") << "2^63 is the least of the signed numbers";
  }
}

TEST(LyingNumbers, StayASurplusWhereTheyAreOne) {
  GraphBuilder builder;
  builder.add_type("", "Thing");
  builder.add_node({.reference_count = kHalf});
  builder.add_node({.reference_count = ~std::uint64_t{0}});
  const auto counts = find_unexplained_counts(std::move(builder).build());
  ASSERT_EQ(counts.by_node.size(), 2u);
  for (const UnexplainedCount& count : counts.by_node) {
    EXPECT_EQ(count.difference, std::numeric_limits<std::int64_t>::max());
  }
  ASSERT_EQ(counts.by_type.size(), 1u);
  EXPECT_EQ(counts.by_type[0].surplus_nodes, 2u);
  EXPECT_EQ(counts.by_type[0].deficit_nodes, 0u);
}

TEST(LyingNumbers, GiveNoSuspectMoreThanTheWhole) {
  GraphBuilder builder;
  const auto type = builder.add_type("", "Thing");
  // What the root holds and what it does not add up to 2^64.
  builder.add_node({.type = type, .size_bytes = ~std::uint64_t{0} - 4});
  builder.add_node({.type = type, .size_bytes = 5, .reference_count = 1});
  builder.add_root(0, ouro::graph::RootKind::kNamed, "root", 1);
  const HeapGraph graph = std::move(builder).build();
  const DominatorTree tree = dominators(graph);
  const auto suspects =
      leak_suspects(graph, tree, DominatorOrder(tree), {.least_share = 0, .fewest_instances = 1});
  ASSERT_FALSE(suspects.empty());
  for (const LeakSuspect& suspect : suspects) {
    EXPECT_GE(suspect.share, 0);
    EXPECT_LE(suspect.share, 1);
    EXPECT_LE(suspect.score, 1);
  }
}

}  // namespace
