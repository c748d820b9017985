// objgraph: counting and finding objects by type and by address.
//
// The expected text of show_* is what Python's objgraph 3.7 prints for the same counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace objgraph_counting {

struct Item {
  int weight = 0;
};
struct Node {
  ouro::Ref<Node> next;
  std::vector<ouro::Ref<Item>> items;
};
namespace inner {
struct Node {
  ouro::Ref<Node> next;
};
}  // namespace inner

}  // namespace objgraph_counting

namespace objgraph_counting_test {

namespace objgraph = ouro::objgraph;
using objgraph_counting::Item;
using objgraph_counting::Node;
using InnerNode = objgraph_counting::inner::Node;
using ouro::Ref;

/// Every test looks at a heap of its own.
class ObjgraphCounting : public testing::Test {
  ouro::Heap heap_;
  ouro::HeapScope scope_{heap_};
};

TEST_F(ObjgraphCounting, CountsByShortNameQualifiedNameAndType) {
  const std::vector<Ref<Node>> nodes{ouro::make<Node>(), ouro::make<Node>()};
  const Ref<InnerNode> other = ouro::make<InnerNode>();
  EXPECT_EQ(objgraph::count("Node"), 3u);
  EXPECT_EQ(objgraph::count("objgraph_counting::Node"), 2u);
  EXPECT_EQ(objgraph::count("objgraph_counting::inner::Node"), 1u);
  EXPECT_EQ(objgraph::count<Node>(), 2u);
  EXPECT_EQ(objgraph::count<const Node>(), 2u);
  EXPECT_EQ(objgraph::count("inner::Node"), 0u);  // neither the short nor the whole name
  EXPECT_EQ(objgraph::count("Nod"), 0u);
  EXPECT_EQ(objgraph::count(""), 0u);
}

TEST_F(ObjgraphCounting, CountsUntrackedObjectsToo) {
  const Ref<Item> item = ouro::make<Item>();
  const Ref<int> number = ouro::make<int>(7);
  EXPECT_FALSE(ouro::gc::is_tracked(item));
  EXPECT_EQ(objgraph::count("Item"), 1u);
  EXPECT_EQ(objgraph::count("int"), 1u);
}

TEST_F(ObjgraphCounting, CountsAmongGivenObjects) {
  const std::vector<Ref<void>> objects{ouro::make<Node>(), ouro::make<InnerNode>(),
                                       ouro::make<Item>(), nullptr};
  EXPECT_EQ(objgraph::count("Node", objects), 2u);
  EXPECT_EQ(objgraph::by_type("Item", objects), (std::vector<Ref<void>>{objects[2]}));
  EXPECT_EQ(objgraph::typestats({.objects = &objects}),
            (objgraph::TypeCounts{{"Item", 1}, {"Node", 2}}));
}

TEST_F(ObjgraphCounting, TypestatsLumpsTypesOfOneShortNameUnlessToldOtherwise) {
  const Ref<Node> node = ouro::make<Node>();
  const Ref<InnerNode> other = ouro::make<InnerNode>();
  EXPECT_EQ(objgraph::typestats(), (objgraph::TypeCounts{{"Node", 2}}));
  EXPECT_EQ(objgraph::typestats({.shortnames = false}),
            (objgraph::TypeCounts{{"objgraph_counting::Node", 1},
                                  {"objgraph_counting::inner::Node", 1}}));
}

TEST_F(ObjgraphCounting, AFilterIsAskedAboutEachObjectWithoutBeingCounted) {
  const std::vector<Ref<Node>> nodes{ouro::make<Node>(), ouro::make<Node>()};
  const Ref<Node> again = nodes[0];
  const auto stats = objgraph::typestats(
      {.filter = [](const Ref<void>& object) { return ouro::getrefcount(object) == 2; }});
  EXPECT_EQ(stats, (objgraph::TypeCounts{{"Node", 1}}));
}

TEST_F(ObjgraphCounting, AFilterMayMakeObjectsAndNothingIsCollectedMeanwhile) {
  ouro::gc::set_threshold(1);
  for (int i = 0; i < 3; ++i) {  // garbage, each a ring of one
    const Ref<Node> ring = ouro::make<Node>();
    ring->next = ring;
    if (i == 0) ouro::gc::disable();
  }
  ouro::gc::enable();
  const std::size_t before = objgraph::count<Node>();
  const auto stats = objgraph::typestats({.filter = [](const Ref<void>&) {
    ouro::make<InnerNode>();
    ouro::make<InnerNode>();
    return true;
  }});
  EXPECT_EQ(stats.at("Node"), before);
  EXPECT_EQ(ouro::gc::collect(), before);
}

TEST_F(ObjgraphCounting, AFilterThatThrowsLeavesAutomaticCollectionOn) {
  const Ref<Node> node = ouro::make<Node>();
  EXPECT_THROW(objgraph::typestats({.filter = [](const Ref<void>&) -> bool { throw 7; }}), int);
  ouro::gc::set_threshold(1);
  for (int i = 0; i < 10; ++i) {
    const Ref<Node> ring = ouro::make<Node>();
    ring->next = ring;
  }
  EXPECT_LT(objgraph::count<Node>(), 10u);
}

TEST_F(ObjgraphCounting, MostCommonTypesArePrintedAsPythonDoes) {
  std::vector<Ref<void>> objects;
  for (int i = 0; i < 12; ++i) objects.push_back(ouro::make<Item>());
  for (int i = 0; i < 3; ++i) objects.push_back(ouro::make<Node>());
  objects.push_back(ouro::make<int>());
  EXPECT_EQ(objgraph::most_common_types(2),
            (std::vector<objgraph::TypeCount>{{"Item", 12}, {"Node", 3}}));
  std::ostringstream out;
  objgraph::show_most_common_types(10, out);
  EXPECT_EQ(out.str(), "Item 12\nNode 3\nint  1\n");
}

TEST_F(ObjgraphCounting, AnEmptyHeapPrintsNothing) {
  std::ostringstream out;
  objgraph::show_most_common_types(10, out);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(objgraph::at(1), nullptr);
}

TEST_F(ObjgraphCounting, ByTypeGivesRefsThatKeepTheObjects) {
  Ref<Node> node = ouro::make<Node>();
  std::vector<Ref<Node>> found = objgraph::by_type<Node>();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(ouro::getrefcount(node), 2u);
  node = nullptr;
  EXPECT_EQ(objgraph::count<Node>(), 1u);
  found.clear();
  EXPECT_EQ(objgraph::count<Node>(), 0u);
}

TEST_F(ObjgraphCounting, AtFindsStartsOfLivingObjectsAlone) {
  const Ref<Node> node = ouro::make<Node>();
  const auto address = reinterpret_cast<std::uintptr_t>(node.get());
  EXPECT_EQ(objgraph::at(node.get()), node);
  EXPECT_EQ(objgraph::at(address), node);
  for (std::uintptr_t nearby = address - 100; nearby < address + 100; ++nearby) {
    EXPECT_EQ(objgraph::at(nearby) == nullptr, nearby != address);
  }
  for (const std::uintptr_t any : {std::uintptr_t{0}, std::uintptr_t{1}, ~std::uintptr_t{0},
                                   reinterpret_cast<std::uintptr_t>(&node)}) {
    EXPECT_EQ(objgraph::at(any), nullptr);
  }
  EXPECT_EQ(objgraph::at(0), nullptr);
  EXPECT_EQ(objgraph::at(-1), nullptr);
  EXPECT_EQ(objgraph::at(nullptr), nullptr);
}

TEST_F(ObjgraphCounting, AtIsSafeForEveryAddressOfAPage) {
  const Ref<Node> node = ouro::make<Node>();
  const auto address = reinterpret_cast<std::uintptr_t>(node.get());
  std::size_t found = 0;
  for (std::uintptr_t at = address - 3 * 65536; at != address + 3 * 65536; ++at) {
    if (objgraph::at(at) != nullptr) ++found;
  }
  EXPECT_EQ(found, 1u);
}

TEST_F(ObjgraphCounting, AtKnowsNoObjectsOfAnotherHeap) {
  const Ref<Node> node = ouro::make<Node>();
  ouro::Heap other;
  const ouro::HeapScope scope(other);
  EXPECT_EQ(objgraph::at(node.get()), nullptr);
  EXPECT_EQ(objgraph::count<Node>(), 0u);
}

TEST_F(ObjgraphCounting, AtAddrsGivesThoseThatLive) {
  const Ref<Node> node = ouro::make<Node>();
  const void* const dead = ouro::make<Node>().get();
  EXPECT_EQ(objgraph::at_addrs({node.get(), dead, nullptr}), (std::vector<Ref<void>>{node}));
}

/// An object looks at itself while it is made and while it goes.
struct Introvert {
  struct Seen {
    std::size_t count = 0;
    bool is_given_out = false;
  };
  Seen* at_end;
  Ref<Node> node;
  OURO_TRACE(node)

  Introvert(Seen* at_start, Seen* at_end_) : at_end(at_end_) { look(*at_start); }
  ~Introvert() { look(*at_end); }
  void look(Seen& seen) {
    seen.count = objgraph::count<Introvert>();
    seen.is_given_out = objgraph::at(this) != nullptr || !objgraph::by_type<Introvert>().empty();
  }
};

TEST_F(ObjgraphCounting, AnObjectInConstructionOrDestructionCountsButIsNotGivenOut) {
  Introvert::Seen at_start;
  Introvert::Seen at_end;
  ouro::make<Introvert>(&at_start, &at_end);
  EXPECT_EQ(at_start.count, 1u);
  EXPECT_FALSE(at_start.is_given_out);
  EXPECT_EQ(at_end.count, 1u);
  EXPECT_FALSE(at_end.is_given_out);
  EXPECT_EQ(objgraph::count<Introvert>(), 0u);
}

/// Its destructor looks for others of its kind.
struct Seeker {
  std::size_t* most_found;
  Ref<Seeker> next;
  OURO_TRACE(next)
  explicit Seeker(std::size_t* found) : most_found(found) {}
  ~Seeker() { *most_found = std::max(*most_found, objgraph::by_type<Seeker>().size()); }
};

TEST_F(ObjgraphCounting, GarbageThatIsBeingFreedIsNotGivenOut) {
  std::size_t most_found = 0;
  {
    const Ref<Seeker> a = ouro::make<Seeker>(&most_found);
    const Ref<Seeker> b = ouro::make<Seeker>(&most_found);
    a->next = b;
    b->next = a;
  }
  EXPECT_EQ(ouro::gc::collect(), 2u);
  EXPECT_EQ(most_found, 0u);
}

TEST_F(ObjgraphCounting, CountsAgreeWithATallyWhileObjectsComeAndGo) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    ouro::test::Random random(seed);
    std::vector<Ref<void>> objects;
    for (int step = 0; step < 3000; ++step) {
      switch (random.below(5)) {
        case 0:
          objects.push_back(ouro::make<Node>());
          break;
        case 1:
          objects.push_back(ouro::make<InnerNode>());
          break;
        case 2:
          objects.push_back(ouro::make<Item>());
          break;
        default:
          if (objects.empty()) break;
          std::swap(objects[random.below(objects.size())], objects.back());
          if (random.once_in(2)) objects.pop_back();
      }
    }
    objgraph::TypeCounts tally;
    for (const Ref<void>& object : objects) ++tally[ouro::type_name(object)];
    EXPECT_EQ(objgraph::typestats({.shortnames = false}), tally);
    EXPECT_EQ(objgraph::typestats({.shortnames = false, .filter = [](auto&) { return true; }}),
              tally);
    for (const auto& [name, count] : tally) {
      EXPECT_EQ(objgraph::count(name), count);
      std::vector<Ref<void>> found = objgraph::by_type(name);
      std::vector<Ref<void>> expected = objgraph::by_type(name, objects);
      std::ranges::sort(found);
      std::ranges::sort(expected);
      EXPECT_EQ(found, expected);
    }
    for (const Ref<void>& object : objects) EXPECT_EQ(objgraph::at(object.get()), object);
  }
}

}  // namespace objgraph_counting_test
