// objgraph: chains of references, and what is held from outside.
#include <gtest/gtest.h>

#include <algorithm>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace objgraph_chains_test {

namespace objgraph = ouro::objgraph;
using ouro::Ref;
using Chain = std::vector<Ref<void>>;

struct Node {
  std::size_t number = 0;
  std::vector<Ref<Node>> targets;
  Ref<std::string> name;
};

Ref<Node> make_node(std::size_t number) {
  Ref<Node> node = ouro::make<Node>();
  node->number = number;
  return node;
}

objgraph::Predicate is(const void* wanted) {
  return [wanted](const Ref<void>& object) { return object.get() == wanted; };
}
bool nothing(const Ref<void>&) {
  return false;
}

class ObjgraphChains : public testing::Test {
 protected:
  ouro::Heap heap;
  ouro::HeapScope scope{heap};
};

//   a --> b --> c --> name      and c --> a
class ObjgraphChainOfThree : public ObjgraphChains {
 protected:
  ObjgraphChainOfThree() {
    a->targets.push_back(b);
    b->targets.push_back(c);
    c->targets.push_back(a);
    c->name = ouro::make<std::string>("c");
  }

  Ref<Node> a = make_node(0);
  Ref<Node> b = make_node(1);
  Ref<Node> c = make_node(2);
};

TEST_F(ObjgraphChainOfThree, AChainLeadsFromTheObjectToWhatIsWanted) {
  EXPECT_EQ(objgraph::find_ref_chain(a, is(c->name.get())), (Chain{a, b, c, c->name}));
}

TEST_F(ObjgraphChainOfThree, ABackrefChainLeadsFromWhatIsWantedToTheObject) {
  EXPECT_EQ(objgraph::find_backref_chain(c->name, is(a.get())), (Chain{a, b, c, c->name}));
}

TEST_F(ObjgraphChainOfThree, TheObjectItselfMayBeWanted) {
  EXPECT_EQ(objgraph::find_ref_chain(a, is(a.get()), 0), Chain{a});
  EXPECT_EQ(objgraph::find_backref_chain(a, is(a.get()), 0), Chain{a});
}

TEST_F(ObjgraphChainOfThree, WithoutAChainTheAnswerIsTheObjectAsInPython) {
  EXPECT_EQ(objgraph::find_ref_chain(a, nothing), Chain{a});
  EXPECT_EQ(objgraph::find_backref_chain(a, nothing), Chain{a});
  EXPECT_EQ(objgraph::find_ref_chain(Ref<Node>(), nothing), Chain());
  EXPECT_EQ(objgraph::find_backref_chain(Ref<Node>(), nothing), Chain());
}

TEST_F(ObjgraphChainOfThree, MaxDepthIsTheNumberOfReferences) {
  EXPECT_EQ(objgraph::find_ref_chain(a, is(c.get()), 1), Chain{a});
  EXPECT_EQ(objgraph::find_ref_chain(a, is(c.get()), 2), (Chain{a, b, c}));
}

TEST_F(ObjgraphChainOfThree, NoChainGoesThroughWhatIsIgnored) {
  EXPECT_EQ(objgraph::find_ref_chain(a, is(c.get()), 20, {b.get()}), Chain{a});
}

TEST_F(ObjgraphChainOfThree, LookingChangesNoCountAndKeepsNothing) {
  std::size_t seen = 0;
  {
    const Chain chain = objgraph::find_ref_chain(a, [&](const Ref<void>& object) {
      seen = ouro::getrefcount(object);
      return object.get() == b.get();
    });
    EXPECT_EQ(seen, 2u);  // `b`, and a's reference
    EXPECT_EQ(ouro::getrefcount(b), 3u);
  }
  EXPECT_EQ(ouro::getrefcount(b), 2u);
}

TEST_F(ObjgraphChainOfThree, APredicateMayMakeObjectsWhileGarbageIsAbout) {
  ouro::gc::set_threshold(1);
  const Chain chain = objgraph::find_ref_chain(a, [&](const Ref<void>& object) {
    make_node(7);
    return object.get() == c->name.get();
  });
  EXPECT_EQ(chain.size(), 4u);
}

TEST_F(ObjgraphChainOfThree, OnlyReferencesFromTheHeapExplainACount) {
  EXPECT_TRUE(objgraph::is_held_from_outside(a));
  EXPECT_FALSE(objgraph::is_held_from_outside(c->name));
  EXPECT_FALSE(objgraph::is_held_from_outside(Ref<Node>()));
  Ref<std::string> name = c->name;
  EXPECT_TRUE(objgraph::is_held_from_outside(c->name));
}

TEST_F(ObjgraphChainOfThree, WhoIsHeldFromOutsideIsFoundBackwards) {
  b = nullptr;
  c = nullptr;
  const Ref<Node>& inner = a->targets[0]->targets[0];
  const Chain chain = objgraph::find_backref_chain(inner->name, objgraph::is_held_from_outside);
  EXPECT_EQ(chain, (Chain{a, a->targets[0], inner, inner->name}));
}

TEST_F(ObjgraphChainOfThree, TheRefThatIsAskedWithDoesNotCountAsHolding) {
  c = nullptr;
  const Chain to_b = objgraph::find_backref_chain(b, objgraph::is_held_from_outside);
  EXPECT_EQ(to_b, (Chain{a, b}));
  const std::vector<Ref<std::string>> found = objgraph::by_type<std::string>();
  ASSERT_EQ(found.size(), 1u);
  const Chain to_name = objgraph::find_backref_chain(found[0], objgraph::is_held_from_outside);
  EXPECT_EQ(to_name, (Chain{b, b->targets[0], found[0]}));
}

TEST_F(ObjgraphChainOfThree, HeldFromOutsideCanBeAFilterOfEveryFunction) {
  b = nullptr;
  EXPECT_EQ(objgraph::typestats({.filter = objgraph::is_held_from_outside}),
            (objgraph::TypeCounts{{"Node", 2}}));
}

TEST_F(ObjgraphChains, AnImmortalObjectIsHeld) {
  Ref<Node> a = make_node(0);
  a->targets.push_back(make_node(1));
  EXPECT_FALSE(objgraph::is_held_from_outside(a->targets[0]));
  ouro::make_immortal(a->targets[0]);
  EXPECT_TRUE(objgraph::is_held_from_outside(a->targets[0]));
}

TEST_F(ObjgraphChains, FrozenObjectsExplainCountsToo) {
  Ref<Node> a = make_node(0);
  a->targets.push_back(make_node(1));
  ouro::gc::freeze();
  EXPECT_FALSE(objgraph::is_held_from_outside(a->targets[0]));
  EXPECT_EQ(objgraph::find_backref_chain(a->targets[0], is(a.get())), (Chain{a, a->targets[0]}));
  ouro::gc::unfreeze();
}

TEST_F(ObjgraphChains, AReferenceFromAnotherHeapComesFromOutside) {
  const Ref<Node> here = make_node(0);
  ouro::Heap other;
  const ouro::HeapScope inner(other);
  Ref<Node> there = make_node(1);
  there->targets.push_back(here);
  EXPECT_EQ(objgraph::find_ref_chain(there, is(here.get())), (Chain{there, here}));
  EXPECT_EQ(objgraph::find_backref_chain(here, is(there.get())), Chain{here});
}

/// A graph of Nodes beside a plain description of it, which needs no heap to be asked.
struct RandomGraph {
  std::vector<Ref<Node>> nodes;
  std::vector<std::vector<std::size_t>> targets;

  explicit RandomGraph(ouro::test::Random& random) {
    const std::size_t count = 1 + random.below(25);
    const std::size_t edges = random.below(2 * count + 1);
    targets.resize(count);
    for (std::size_t i = 0; i < count; ++i) nodes.push_back(make_node(i));
    for (std::size_t i = 0; i < edges; ++i) {
      const std::size_t from = random.below(count);
      const std::size_t to = random.below(count);
      nodes[from]->targets.push_back(nodes[to]);
      targets[from].push_back(to);
    }
  }

  bool has_edge(std::size_t from, std::size_t to) const {
    return std::ranges::find(targets[from], to) != targets[from].end();
  }

  static constexpr std::size_t kFar = 1000;

  /// Lengths of shortest paths, by Floyd and Warshall.
  std::vector<std::vector<std::size_t>> distances() const {
    const std::size_t count = nodes.size();
    std::vector<std::vector<std::size_t>> far(count, std::vector<std::size_t>(count, kFar));
    for (std::size_t i = 0; i < count; ++i) {
      for (const std::size_t to : targets[i]) far[i][to] = 1;
      far[i][i] = 0;
    }
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
          far[i][j] = std::min(far[i][j], far[i][k] + far[k][j]);
        }
      }
    }
    return far;
  }

  std::string to_string() const {
    std::string text;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      text += std::to_string(i) + " ->";
      for (const std::size_t to : targets[i]) text += ' ' + std::to_string(to);
      text += '\n';
    }
    return text;
  }
};

std::size_t number_of(const Ref<void>& object) {
  return ouro::static_pointer_cast<Node>(object)->number;
}

/// Each object of the chain refers to the next.
void expect_connected(const RandomGraph& graph, const Chain& chain) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    EXPECT_TRUE(graph.has_edge(number_of(chain[i - 1]), number_of(chain[i])));
  }
}

TEST_F(ObjgraphChains, ChainsAreShortestPathsOfRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    ouro::test::Random random(seed);
    const RandomGraph graph(random);
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << graph.to_string());
    const auto distances = graph.distances();
    for (int ask = 0; ask < 20; ++ask) {
      const std::size_t from = random.below(graph.nodes.size());
      const std::size_t to = random.below(graph.nodes.size());
      const std::size_t max_depth = random.below(12);
      const std::size_t distance = distances[from][to];
      const bool is_near = distance <= max_depth;

      const Chain forward =
          objgraph::find_ref_chain(graph.nodes[from], is(graph.nodes[to].get()), max_depth);
      ASSERT_EQ(forward.size(), is_near ? distance + 1 : 1);
      EXPECT_EQ(forward.front(), graph.nodes[from]);
      EXPECT_EQ(forward.back(), graph.nodes[is_near ? to : from]);
      expect_connected(graph, forward);

      const Chain backward =
          objgraph::find_backref_chain(graph.nodes[to], is(graph.nodes[from].get()), max_depth);
      ASSERT_EQ(backward.size(), is_near ? distance + 1 : 1);
      EXPECT_EQ(backward.front(), graph.nodes[is_near ? from : to]);
      EXPECT_EQ(backward.back(), graph.nodes[to]);
      expect_connected(graph, backward);
    }
  }
}

TEST_F(ObjgraphChains, HeldFromOutsideAgreesWithWhoHoldsInRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    ouro::test::Random random(seed);
    RandomGraph graph(random);
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << graph.to_string());
    // Variables let go of some; those that live on, and those alone, are then held by the others.
    std::vector<const void*> held;
    for (Ref<Node>& node : graph.nodes) {
      if (random.once_in(2)) {
        node = nullptr;
      } else {
        held.push_back(node.get());
      }
    }
    std::vector<const void*> found;
    objgraph::typestats({.filter = [&](const Ref<void>& object) {
      if (objgraph::is_held_from_outside(object)) found.push_back(object.get());
      return true;
    }});
    std::ranges::sort(held);
    std::ranges::sort(found);
    EXPECT_EQ(found, held);
    graph.nodes.clear();
    ouro::gc::collect();
    EXPECT_EQ(objgraph::count<Node>(), 0u);
  }
}

}  // namespace objgraph_chains_test
