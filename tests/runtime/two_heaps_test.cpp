// A heap that ends while its objects and those of another heap refer to each other: the others go
// with it where nothing else holds them, in the middle of its end, and drop references to what is
// just being destroyed.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <ouro/ouro.hpp>

namespace two_heaps_test {

using ouro::Heap;
using ouro::HeapScope;
using ouro::make;
using ouro::Ref;

/// Nobody can watch its destructor.
struct Quiet {
  Ref<Quiet> next;
  Ref<Quiet> back;
};

/// Its destructor is the user's.
struct Loud {
  Loud() { ++alive; }
  Loud(Loud&&) = delete;
  Loud& operator=(Loud&&) = delete;
  ~Loud() { --alive; }
  static inline int alive = 0;

  Ref<Loud> next;
  std::vector<Ref<Loud>> others;

  OURO_TRACE(next, others)
};

TEST(TwoHeaps, ACycleThroughBothEndsWithOne) {
  const std::size_t before = ouro::object_count();
  {
    Heap level;
    Ref<Quiet> game = make<Quiet>();
    const HeapScope scope(level);
    Ref<Quiet> room = make<Quiet>();
    const Ref<Quiet> other = make<Quiet>(room, nullptr);
    room->next = game;
    game->next = room;
    game = nullptr;
  }
  EXPECT_EQ(ouro::object_count(), before);
}

template <class Node>
Ref<Node> made_in(Heap& heap) {
  const HeapScope scope(heap);
  return make<Node>();
}

TEST(TwoHeaps, AnObjectOfEachRefersToTheOther) {
  Heap first;
  auto second = std::make_unique<Heap>();
  Ref<Quiet> a = made_in<Quiet>(first);
  Ref<Quiet> b = made_in<Quiet>(*second);
  a->next = b;
  b->next = a;
  a = b = nullptr;
  second.reset();
  EXPECT_EQ(first.object_count(), 0u);
}

/// Inner objects refer to anything; outer ones are held by inner ones alone, and refer to inner
/// ones and to outer ones behind them.
template <class Node, class AddReference>
void end_at_random(std::uint32_t seed, AddReference add_reference) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  Heap outer;
  const std::size_t outer_count = 1 + below(30);
  {
    auto inner = std::make_unique<Heap>();
    std::vector<Ref<Node>> inners;
    std::vector<Ref<Node>> outers;
    for (std::size_t at = 1 + below(600); at > 0; --at) inners.push_back(made_in<Node>(*inner));
    for (std::size_t at = 0; at < outer_count; ++at) outers.push_back(made_in<Node>(outer));
    for (const Ref<Node>& node : inners) add_reference(*node, inners[below(inners.size())]);
    for (std::size_t at = 0; at < outer_count; ++at) {
      add_reference(*inners[below(inners.size())], outers[at]);
      add_reference(*outers[at], inners[below(inners.size())]);
      if (at + 1 < outer_count) {
        add_reference(*outers[at], outers[at + 1 + below(outer_count - at - 1)]);
      }
    }
    inners.clear();
    outers.clear();
    ASSERT_LE(outer.object_count(), outer_count);
  }
  EXPECT_EQ(outer.object_count(), 0u) << "seed " << seed;
}

TEST(TwoHeaps, QuietObjectsOfTheOtherGoWithTheOneThatHoldsThem) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    end_at_random<Quiet>(seed, [](Quiet& node, const Ref<Quiet>& target) {
      (node.next == nullptr ? node.next : node.back) = target;
    });
  }
}

TEST(TwoHeaps, EachDestructorRunsOnce) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    end_at_random<Loud>(seed, [](Loud& node, const Ref<Loud>& target) {
      if (node.next == nullptr) {
        node.next = target;
      } else {
        node.others.push_back(target);
      }
    });
    EXPECT_EQ(Loud::alive, 0) << "seed " << seed;
  }
}

}  // namespace two_heaps_test
