// Collections that find no count fallen move a generation up without a look at its objects; what a
// program sees of generations is the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>

namespace unsearched_collection_test {

using ouro::make;
using ouro::Ref;

struct Node {
  Ref<Node> left;
  Ref<Node> right;
};

/// On a thread of its own, whose heap is its only one, with counts that have not fallen.
template <class Function>
void on_a_fresh_heap(Function function) {
  std::thread([&] {
    {
      const Ref<Node> first = make<Node>();
    }
    ouro::gc::collect();
    function();
  }).join();
}

std::size_t objects_of(int generation) {
  return ouro::gc::get_objects(generation).size();
}

std::size_t searched() {
  std::size_t candidates = 0;
  for (const auto& generation : ouro::gc::get_stats()) candidates += generation.candidates;
  return candidates;
}

TEST(UnsearchedCollection, LooksAtNoObjectAndStillMovesEachUp) {
  on_a_fresh_heap([] {
    ouro::gc::set_threshold(100, 2, 1000);
    const std::size_t searched_before = searched();
    std::vector<Ref<Node>> nodes;
    nodes.reserve(10'000);
    for (int at = 0; at < 1000; ++at) nodes.push_back(make<Node>());
    EXPECT_EQ(searched(), searched_before);
    ouro::gc::disable();
    EXPECT_GT(ouro::gc::get_stats()[0].collections, 5u);
    EXPECT_GT(ouro::gc::get_stats()[1].collections, 1u);
    EXPECT_LE(objects_of(0), 101u);
    EXPECT_LE(objects_of(1), 3 * 101u);
    EXPECT_EQ(objects_of(0) + objects_of(1) + objects_of(2), 1000u);
    EXPECT_GT(objects_of(2), 500u);
    ouro::gc::set_threshold(2000, 10, 10);
    ouro::gc::enable();
  });
}

TEST(UnsearchedCollection, LeavesTheYoungOnesToBeFoundLater) {
  on_a_fresh_heap([] {
    ouro::gc::set_threshold(100, 1000, 1000);
    std::vector<Ref<Node>> nodes;
    nodes.reserve(10'000);
    for (int at = 0; at < 250; ++at) nodes.push_back(make<Node>());
    ouro::gc::disable();
    const std::size_t old_ones = objects_of(1);
    ASSERT_GT(old_ones, 0u);
    for (const Ref<Node>& node : nodes) node->left = node;  // each keeps itself
    nodes.clear();
    const std::size_t young = objects_of(0);
    EXPECT_EQ(ouro::gc::collect(0), young);
    EXPECT_EQ(objects_of(1), old_ones);
    EXPECT_EQ(ouro::gc::collect(1), old_ones);
    EXPECT_EQ(ouro::object_count(), 0u);
  });
}

TEST(UnsearchedCollection, KeepsGenerationsApartWhereSlotsAreUsedAgain) {
  on_a_fresh_heap([] {
    ouro::gc::set_threshold(500, 1000, 1000);
    std::vector<Ref<Node>> nodes;
    for (int at = 0; at < 4000; ++at) nodes.push_back(make<Node>());
    ouro::gc::disable();
    // Every second goes: holes in pages whose headers still call the others young.
    for (std::size_t at = 0; at < nodes.size(); at += 2) nodes[at] = nullptr;
    std::erase(nodes, nullptr);
    const std::size_t survivors = objects_of(1);
    std::vector<Ref<Node>> fresh;
    const std::size_t young_before = objects_of(0);
    for (int at = 0; at < 1000; ++at) fresh.push_back(make<Node>());
    EXPECT_EQ(objects_of(0), young_before + 1000);
    EXPECT_EQ(objects_of(1), survivors);
    const std::size_t searched_before = searched();
    EXPECT_EQ(ouro::gc::collect(0), 0u);
    EXPECT_EQ(searched() - searched_before, young_before + 1000);
  });
}

struct SlowlyMade {
  SlowlyMade() {
    for (int at = 0; at < 300; ++at) others.push_back(make<Node>());
    self = ouro::ref_from_this(this);
  }
  std::vector<Ref<Node>> others;
  Ref<SlowlyMade> self;
  OURO_TRACE(others, self)
};

TEST(UnsearchedCollection, LeavesWhatIsUnderConstructionYoung) {
  on_a_fresh_heap([] {
    ouro::gc::set_threshold(100, 1000, 1000);
    {
      const Ref<SlowlyMade> made = make<SlowlyMade>();
    }  // it keeps itself
    ouro::gc::disable();
    EXPECT_GT(ouro::gc::collect(0), 0u);
    EXPECT_EQ(ouro::objgraph::count<SlowlyMade>(), 0u);
  });
}

/// What came and went by its counts is no growth.
TEST(UnsearchedCollection, IsAllThatManyShortLivesTake) {
  on_a_fresh_heap([] {
    ouro::gc::set_threshold(100, 10, 10);
    const std::size_t searched_before = searched();
    const std::size_t full_before = ouro::gc::get_stats()[2].collections;
    for (int round = 0; round < 12; ++round) {
      std::vector<Ref<Node>> nodes;
      for (int at = 0; at < 60'000; ++at) nodes.push_back(make<Node>());
    }
    EXPECT_EQ(searched(), searched_before);
    EXPECT_EQ(ouro::gc::get_stats()[2].collections, full_before);
    ouro::gc::set_threshold(2000, 10, 10);
  });
}

/// The last reference to these is moved into them: no count falls, and a collection finds them.
TEST(UnsearchedCollection, EndsWhenTheHeapHasGrown) {
  on_a_fresh_heap([] {
    ouro::gc::set_threshold(100, 10, 10);
    std::size_t most = 0;
    for (int at = 0; at < 400'000; ++at) {
      Ref<Node> node = make<Node>();
      Node* const raw = node.get();
      raw->left = std::move(node);
      most = std::max(most, ouro::object_count());
    }
    EXPECT_GE(most, 100'000u);
    EXPECT_LE(most, 120'000u);
    ouro::gc::collect();
    ouro::gc::set_threshold(2000, 10, 10);
  });
}

std::vector<int>* released = nullptr;

struct Witness {
  int number;
  ~Witness() { released->push_back(number); }
};

struct Plain {
  Ref<Witness> first;
  int between;
  Ref<Witness> second;
};

struct WithDestructor {
  Ref<Witness> first;
  Ref<Witness> second;
  ~WithDestructor() { released->push_back(0); }
};

// The checked build lets destructors do all of it.
const std::vector<int> kOrderOfDeclaration =
    ouro::detail::checked::kEnabled ? std::vector<int>{2, 1} : std::vector<int>{1, 2};

TEST(Release, OfAnAggregateOfReferencesFollowsTheirDeclaration) {
  std::vector<int> order;
  released = &order;
  make<Plain>(make<Witness>(1), 0, make<Witness>(2)).reset();
  EXPECT_EQ(order, kOrderOfDeclaration);
}

TEST(Release, OfOneWithWeakReferencesIsTheSame) {
  std::vector<int> order;
  released = &order;
  auto object = make<Plain>(make<Witness>(1), 0, make<Witness>(2));
  const ouro::WeakRef<Plain> weak(object);
  object.reset();
  EXPECT_EQ(order, kOrderOfDeclaration);
  EXPECT_TRUE(weak.expired());
}

TEST(Release, OfATypeWithADestructorFollowsCpp) {
  std::vector<int> order;
  released = &order;
  auto object = make<WithDestructor>();
  object->first = make<Witness>(1);
  object->second = make<Witness>(2);
  object.reset();
  EXPECT_EQ(order, (std::vector<int>{0, 2, 1}));
}

}  // namespace unsearched_collection_test
