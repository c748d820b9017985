// Garbage whose fields are lists of references. Their destructors do not run (TypeLoops::bury), so
// what the lists held of the living must be dropped all the same, once each, and their memory given
// back: that of a leak is for the address sanitizer to say.
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <set>
#include <vector>

#include <ouro/ouro.hpp>

namespace {

using ouro::make;
using ouro::Ref;

/// Says when it goes. What nobody but garbage holds goes when the garbage drops it.
struct Watched {
  Watched() = default;
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() { ++gone; }
  static inline std::size_t gone = 0;
};

struct Node {
  std::vector<Ref<Node>> nodes;
  int number = 0;
  Ref<Node> other;
  std::vector<Ref<Watched>> watched;
};

struct NodeOfConst {
  const std::vector<Ref<NodeOfConst>> none;
  std::vector<Ref<NodeOfConst>> nodes;
  const Ref<Watched> watched;
};

static_assert(ouro::checked::kEnabled || ouro::detail::is_references_lists_and_data<Node>());
static_assert(ouro::checked::kEnabled || ouro::detail::is_references_lists_and_data<NodeOfConst>());

std::set<const Node*> reached_from(const std::vector<Ref<Node>>& held) {
  std::set<const Node*> reached;
  std::vector<const Node*> waiting;
  const auto reach = [&](const Ref<Node>& node) {
    if (node != nullptr && reached.insert(node.get()).second) waiting.push_back(node.get());
  };
  for (const Ref<Node>& node : held) reach(node);
  while (!waiting.empty()) {
    const Node* const node = waiting.back();
    waiting.pop_back();
    for (const Ref<Node>& next : node->nodes) reach(next);
    reach(node->other);
  }
  return reached;
}

/// How often the reached, and `held`, hold each of what they hold.
template <class T, class Count>
void expect_counts(const std::set<const Node*>& reached, const std::vector<Ref<T>>& held,
                   Count count) {
  std::multiset<const T*> references;
  for (const Ref<T>& one : held) references.insert(one.get());
  for (const Node* node : reached) count(*node, references);
  for (const Ref<T>& one : held) {
    ASSERT_EQ(ouro::getrefcount(one), references.count(one.get()));
  }
}

TEST(ListsInGarbage, DropWhatTheyHeldOfTheLiving) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    ouro::gc::collect();  // what the last round held
    Watched::gone = 0;
    ouro::gc::disable();  // or some would be older than the collection that is to find them
    const std::size_t count = 1 + random() % 600;
    std::vector<Ref<Watched>> all_watched;
    for (std::size_t i = 0; i < count / 2 + 1; ++i) all_watched.push_back(make<Watched>());
    std::vector<Ref<Node>> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(make<Node>());
    for (const Ref<Node>& node : all) {
      node->nodes.reserve(random() % 5);  // also capacity without elements, and more than needed
      for (std::size_t i = random() % 4; i > 0; --i) {
        // Null among them, itself, and the same one twice.
        node->nodes.push_back(random() % 8 == 0 ? nullptr : all[random() % count]);
        if (random() % 4 == 0) node->nodes.push_back(node->nodes.back());
      }
      if (random() % 2 == 0) node->other = all[random() % count];
      for (std::size_t i = random() % 3; i > 0; --i) {
        node->watched.push_back(all_watched[random() % all_watched.size()]);
      }
    }

    std::vector<Ref<Node>> held;
    std::vector<Ref<Watched>> held_watched;
    for (std::size_t i = random() % 4; i > 0; --i) held.push_back(all[random() % count]);
    for (const Ref<Watched>& watched : all_watched) {
      if (random() % 3 == 0) held_watched.push_back(watched);
    }
    std::set<const Watched*> alive;
    const std::set<const Node*> reached = reached_from(held);
    for (const Node* node : reached) {
      for (const Ref<Watched>& watched : node->watched) alive.insert(watched.get());
    }
    for (const Ref<Watched>& watched : held_watched) alive.insert(watched.get());
    const std::size_t watched_count = all_watched.size();
    all.clear();
    all_watched.clear();
    // Some have died of their counts by now.
    ouro::gc::collect(static_cast<int>(random() % 3));
    ouro::gc::enable();

    EXPECT_EQ(ouro::objgraph::by_type<Node>().size(), reached.size());
    EXPECT_EQ(Watched::gone, watched_count - alive.size());
    expect_counts(reached, held, [](const Node& node, std::multiset<const Node*>& references) {
      for (const Ref<Node>& next : node.nodes) references.insert(next.get());
      references.insert(node.other.get());
    });
    expect_counts(reached, held_watched,
                  [](const Node& node, std::multiset<const Watched*>& references) {
                    for (const Ref<Watched>& one : node.watched) references.insert(one.get());
                  });
  }
}

TEST(ListsInGarbage, MayStandBesideConstants) {
  ouro::gc::collect();
  Watched::gone = 0;
  const Ref<Watched> held = make<Watched>();
  for (const bool is_held : {true, false}) {
    Ref<NodeOfConst> node =
        make<NodeOfConst>(std::vector<Ref<NodeOfConst>>{nullptr, make<NodeOfConst>()},
                          std::vector<Ref<NodeOfConst>>{}, is_held ? held : make<Watched>());
    node->nodes.assign(1000, node);
    node = nullptr;
    EXPECT_EQ(ouro::gc::collect(), 2u);
    EXPECT_EQ(Watched::gone, is_held ? 0u : 1u);
  }
  EXPECT_EQ(ouro::getrefcount(held), 1u);
}

/// What goes with the garbage may look around: it meets the living as they were, and may make and
/// drop objects of the types that go.
struct Maker {
  Maker() = default;
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;
  ~Maker() {
    const Ref<Node> one = make<Node>();
    one->other = one;  // garbage in its turn
    made = make<Node>();
  }
  static inline Ref<Node> made;
};
struct HoldsMakers {
  std::vector<Ref<HoldsMakers>> nodes;
  std::vector<Ref<Maker>> makers;
};

TEST(ListsInGarbage, MayHoldWhatMakesObjectsWhenItGoes) {
  ouro::gc::collect();
  const std::size_t before = ouro::objgraph::by_type<Node>().size();
  {
    std::vector<Ref<HoldsMakers>> ring;
    for (int i = 0; i < 500; ++i) ring.push_back(make<HoldsMakers>());
    for (std::size_t i = 0; i < ring.size(); ++i) {
      ring[i]->nodes = {ring[(i + 1) % ring.size()], nullptr, ring[(i * 7) % ring.size()]};
      for (int k = 0; k < 3; ++k) ring[i]->makers.push_back(make<Maker>());
    }
  }
  EXPECT_EQ(ouro::gc::collect(), 500u);
  EXPECT_EQ(ouro::objgraph::by_type<HoldsMakers>().size(), 0u);
  Maker::made = nullptr;
  ouro::gc::collect();
  EXPECT_EQ(ouro::objgraph::by_type<Node>().size(), before);
}

}  // namespace
