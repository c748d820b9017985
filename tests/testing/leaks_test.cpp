#include <ouro/testing/leaks.hpp>

#include <gtest/gtest.h>

#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/testing/leak_options.hpp>

namespace {

using ouro::make;
using ouro::Ref;
using ouro::testing::LeakOptions;
using ouro::testing::Leaks;
using ouro::testing::LeakWatch;
using ouro::testing::Look;

struct Leaf {
  long value[3] = {};
};
struct Node {
  Ref<Node> next;
  Ref<Leaf> leaf;
};

std::vector<Ref<Node>> kept_nodes;

TEST(LeakWatch, FindsNothingWhereNothingIsLeft) {
  LeakWatch watch;
  make<Node>(make<Node>());
  const Leaks left = watch.look();
  EXPECT_TRUE(left.alive.empty());
  EXPECT_TRUE(left.cycles.empty());
  EXPECT_EQ(left.found_by_collector, 0u);
  EXPECT_EQ(to_string(left), "");
}

// kept_nodes -> Node -> Leaf
TEST(LeakWatch, NamesWhoHoldsBeforeWhatIsHeld) {
  LeakWatch watch;
  kept_nodes.push_back(make<Node>(nullptr, make<Leaf>()));
  const Leaks left = watch.look();
  kept_nodes.clear();
  ASSERT_EQ(left.alive.size(), 2u);
  EXPECT_EQ(left.alive[0].type, "Node");
  EXPECT_EQ(left.alive[0].objects, 1u);
  EXPECT_EQ(left.alive[0].bytes, 24u);
  EXPECT_EQ(left.alive[1].type, "Leaf");
  ASSERT_EQ(left.alive[1].held_by.size(), 1u);
  EXPECT_TRUE(left.alive[1].held_by[0].ends_with("kept_nodes[].leaf"));
  EXPECT_TRUE(watch.look().alive.empty()) << "once they are gone";
}

TEST(LeakWatch, CountsWithoutNamesWhereThatIsEnough) {
  LeakWatch watch(Look::kCounts);
  const auto node = make<Node>();
  const Leaks left = watch.look();
  ASSERT_EQ(left.alive.size(), 1u);
  EXPECT_EQ(left.alive[0].objects, 1u);
  EXPECT_TRUE(left.alive[0].held_by.empty());
}

//  a -> b -> a     c -> c -> leaf
TEST(LeakWatch, GroupsCyclesByShape) {
  LeakWatch watch;
  for (int pair = 0; pair < 3; ++pair) {
    const auto a = make<Node>();
    a->next = make<Node>(a);
  }
  const auto before = make<Node>();
  before->next = before;
  Ref<Node> c = make<Node>(nullptr, make<Leaf>());
  c->next = c;
  c = nullptr;
  const Leaks left = watch.look();
  before->next = nullptr;
  ASSERT_EQ(left.cycles.size(), 1u) << to_string(left);
  EXPECT_EQ(left.cycles[0].shape, "Node.next ->");
  EXPECT_EQ(left.cycles[0].make_weak, "Node.next");
  EXPECT_EQ(left.cycles[0].groups, 4u) << "not the one that is alive";
  EXPECT_EQ(left.cycles[0].objects, 7u);
  EXPECT_EQ(left.found_by_collector, 7u) << "the leaf goes by its count";
  EXPECT_TRUE(ouro::gc::garbage().empty());
}

TEST(LeakWatch, RunsFinalizersAndTellsWeakReferences) {
  struct Finalized {
    Ref<Finalized> self;
    int* calls = nullptr;
    void finalize() { ++*calls; }
  };
  int calls = 0;
  LeakWatch watch;
  auto object = make<Finalized>();
  object->self = object;
  object->calls = &calls;
  const ouro::WeakRef<Finalized> weak(object);
  object = nullptr;
  EXPECT_EQ(watch.look().cycles.size(), 1u);
  EXPECT_TRUE(weak.expired());
}

TEST(LeakOptions, MatchesNamesAsGoogleTestDoes) {
  const LeakOptions options =
      LeakOptions().skip("A.*").skip("*Slow?").limit("Parser.*", 3).limit("game::*", "*", 5);
  EXPECT_TRUE(options.skips("A.b"));
  EXPECT_FALSE(options.skips("AA.b"));
  EXPECT_TRUE(options.skips("B.VerySlow1"));
  EXPECT_FALSE(options.skips("B.VerySlow"));
  EXPECT_EQ(options.limit_of("T", "Parser.Reads"), 3u);
  EXPECT_EQ(options.limit_of("game::Monster", "Parser.Reads"), 5u);
  EXPECT_EQ(options.limit_of("T", "Other.Test"), 0u);
}

}  // namespace
