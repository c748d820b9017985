#include "analysis/cycles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/edge_matrix.hpp"
#include "analysis/entrances.hpp"
#include "analysis/reachability.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;
using Steps = std::vector<CycleStep>;
using Nodes = std::vector<NodeIndex>;

Cycles cycles_of(const HeapGraph& graph) {
  return find_cycles(graph, Components(graph), reachable_from_roots(graph));
}

CycleStep step_of(const HeapGraph& graph, EdgeIndex edge) {
  return {graph.type_name(graph.type(graph.source(edge))), graph.edge_shape(edge)};
}

/// What cutting does, by definition: of the edges between the nodes all but those of the step are
/// left, and what no cycle reaches is free.
CycleTally freed_by_definition(const HeapGraph& graph, const Nodes& nodes, const CycleStep& cut) {
  const std::set<NodeIndex> inside(nodes.begin(), nodes.end());
  test::EdgeMatrix left(graph.node_count(), std::vector<unsigned>(graph.node_count()));
  for (EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    const NodeIndex from = graph.source(edge);
    const NodeIndex to = graph.target(edge);
    if (!inside.contains(from) || !inside.contains(to) || graph.kind(edge).is_weak()) continue;
    if (step_of(graph, edge) != cut) ++left[from][to];
  }
  const auto closure = test::closure_of(left);
  CycleTally freed;
  for (const NodeIndex node : nodes) {
    const bool is_kept = std::ranges::any_of(
        nodes, [&](NodeIndex on) { return closure[on][on] && closure[on][node]; });
    if (is_kept) continue;
    ++freed.objects;
    freed.size_bytes += graph.size_bytes(node);
  }
  freed.components = freed.objects == nodes.size();
  return freed;
}

/// The length of the shortest walk from a node back to it within the nodes.
std::size_t shortest_by_definition(const HeapGraph& graph, const Nodes& nodes) {
  const test::EdgeMatrix matrix = test::edge_matrix(graph, EdgeFilter::kOwned);
  std::size_t shortest = nodes.size() + 1;
  for (const NodeIndex start : nodes) {
    std::set<NodeIndex> reached{start};
    for (std::size_t length = 1; length <= nodes.size(); ++length) {
      std::set<NodeIndex> next;
      for (const NodeIndex from : reached) {
        for (const NodeIndex to : nodes) {
          if (matrix[from][to] != 0) next.insert(to);
        }
      }
      reached = next;
      if (reached.contains(start)) {
        shortest = std::min(shortest, length);
        break;
      }
    }
  }
  return shortest;
}

void expect_example_is_valid(const HeapGraph& graph, const CycleShape& shape, const Nodes& nodes) {
  ASSERT_FALSE(shape.example.empty());
  EXPECT_EQ(shape.example.size(), shortest_by_definition(graph, nodes));
  EXPECT_EQ(shape.example.size() % shape.steps.size(), 0u);
  for (std::size_t at = 0; at < shape.example.size(); ++at) {
    const EdgeIndex edge = shape.example[at];
    EXPECT_TRUE(graph.kind(edge).is_owned());
    EXPECT_EQ(step_of(graph, edge), shape.steps[at % shape.steps.size()]);
    EXPECT_EQ(graph.target(edge), graph.source(shape.example[(at + 1) % shape.example.size()]));
  }
}

void add(CycleTally& sum, const CycleTally& more) {
  sum.components += more.components;
  sum.objects += more.objects;
  sum.size_bytes += more.size_bytes;
}

std::uint64_t references_of(const HeapGraph& graph, const Components& components,
                            const std::set<ComponentIndex>& inside, const CycleStep& step) {
  std::uint64_t references = 0;
  for (EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    const ComponentIndex component = components.of(graph.source(edge));
    if (!inside.contains(component) || components.of(graph.target(edge)) != component) continue;
    references += graph.kind(edge).is_owned() && step_of(graph, edge) == step;
  }
  return references;
}

/// Of the references of the step that lie in the components: those to what is held from elsewhere.
double entering_share(const HeapGraph& graph, const Components& components,
                      const std::set<ComponentIndex>& inside, const CycleStep& step) {
  const NodeSet entered = entrances(graph, components);
  unsigned references = 0;
  unsigned entering = 0;
  for (EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    const ComponentIndex component = components.of(graph.source(edge));
    if (!inside.contains(component) || components.of(graph.target(edge)) != component) continue;
    if (!graph.kind(edge).is_owned() || step_of(graph, edge) != step) continue;
    ++references;
    entering += entered.contains(graph.target(edge));
  }
  return double(entering) / references;
}

void check_shape(const HeapGraph& graph, const Components& components, const Cycles& cycles,
                 std::uint32_t number) {
  const CycleShape& shape = cycles.shapes[number];
  const NodeSet held = reachable_from_roots(graph);
  std::set<ComponentIndex> inside;
  CycleTally all;
  CycleTally all_held;
  CycleTally freed;
  CycleTally freed_held;
  std::map<CycleStep, CycleTally> freed_by_step;
  const NodeIndex example = graph.source(shape.example.front());
  for (ComponentIndex component = 0; component < components.count(); ++component) {
    if (cycles.shape_by_component[component] != number) continue;
    inside.insert(component);
    Nodes nodes;
    CycleTally tally{1, 0, 0};
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      if (components.of(node) != component) continue;
      nodes.push_back(node);
      ++tally.objects;
      tally.size_bytes += graph.size_bytes(node);
    }
    const bool is_held = held.contains(nodes.front());
    const CycleTally freed_here = freed_by_definition(graph, nodes, shape.steps.back());
    add(all, tally);
    add(freed, freed_here);
    if (is_held) {
      add(all_held, tally);
      add(freed_held, freed_here);
    }
    for (const CycleStep& step : std::set(shape.steps.begin(), shape.steps.end())) {
      add(freed_by_step[step], freed_by_definition(graph, nodes, step));
    }
    if (components.of(example) == component) expect_example_is_valid(graph, shape, nodes);
  }
  EXPECT_EQ(shape.all, all);
  EXPECT_EQ(shape.held, all_held);
  EXPECT_EQ(shape.cut.freed, freed);
  EXPECT_EQ(shape.cut.freed_held, freed_held);
  EXPECT_EQ(shape.cut.references, references_of(graph, components, inside, shape.steps.back()));
  if (shape.steps.size() > kMostCandidates) return;
  const double share = entering_share(graph, components, inside, shape.steps.back());
  for (const auto& [step, other] : freed_by_step) {
    SCOPED_TRACE("cut " + step.type + step.reference);
    EXPECT_GE(freed.components, other.components);
    if (freed.components == other.components) {
      EXPECT_GE(share, entering_share(graph, components, inside, step));
    }
  }
}

TEST(Cycles, AreProvenByDefinition) {
  std::size_t shapes = 0;
  test::for_random_graphs(3000, [&](const HeapGraph& graph, test::Random&) {
    const Components components(graph);
    const Cycles cycles = cycles_of(graph);
    EXPECT_EQ(cycles.shape_by_component.size(), components.count());
    std::set<Steps> forms;
    for (std::uint32_t number = 0; number < cycles.shapes.size(); ++number) {
      SCOPED_TRACE(to_string(cycles.shapes[number].steps));
      check_shape(graph, components, cycles, number);
      EXPECT_EQ(cycles.shapes[number].sampled_components, 0u);
      Steps form = cycles.shapes[number].steps;
      Steps least = form;
      for (std::size_t at = 0; at < form.size(); ++at) {
        std::ranges::rotate(form, form.begin() + 1);
        least = std::min(least, form);
      }
      EXPECT_TRUE(forms.insert(least).second) << "two shapes of one form";
    }
    shapes += cycles.shapes.size();
  });
  EXPECT_GT(shapes, 2000u);
}

/// dungeon -> monsters[] -> monster -> dungeon, `monsters` times; sizes 100 and 10.
std::string dungeon_text(const std::string& name, int monsters) {
  std::string text = name + ": Dungeon 100\n";
  for (int at = 0; at < monsters; ++at) {
    const std::string monster = name + "_monster" + std::to_string(at);
    text += monster + ": Monster 10\n";
    text += name + " -> " + monster + " .monsters[" + std::to_string(at) + "]\n";
    text += monster + " -> " + name + " .dungeon\n";
  }
  return text;
}

TEST(Cycles, OfADungeonAreOneShapeWithTheMonstersReferenceToCut) {
  const test::NamedGraph named =
      test::graph_of(dungeon_text("lost", 100) + dungeon_text("kept", 2) + "root kept");
  const Cycles cycles = cycles_of(named.graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  const CycleShape& shape = cycles.shapes[0];
  EXPECT_EQ(to_string(shape.steps), "Dungeon.monsters[] -> Monster.dungeon ->");
  EXPECT_EQ(shape.all, (CycleTally{2, 104, 1220}));
  EXPECT_EQ(shape.held, (CycleTally{1, 3, 120}));
  EXPECT_EQ(shape.cut.references, 102u);
  EXPECT_EQ(shape.cut.freed, shape.all);
  EXPECT_EQ(shape.cut.freed_held, shape.held);
}

// The handler was made first, and is all the same what would die when a weak reference led to it.
TEST(Cycles, AreCutWhereTheTargetIsHeldFromElsewhere) {
  const test::NamedGraph named = test::graph_of(R"(
    handler: Handler
    connection: Connection
    handler -> connection .connection
    connection -> handler .handler
    registry -> connection [0]
    root registry
  )");
  const Cycles cycles = cycles_of(named.graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(to_string(cycles.shapes[0].steps), "Connection.handler -> Handler.connection ->");
}

TEST(Cycles, AreCutAtAnItemWhereTheAttributeAloneHoldsTheContainer) {
  const test::NamedGraph named = test::graph_of(R"(
    owner: Owner
    names: list
    owner -> names .names
    names -> owner [0]
    root owner
  )");
  const Cycles cycles = cycles_of(named.graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(to_string(cycles.shapes[0].steps), "Owner.names -> list[] ->");
}

TEST(Cycles, StandForTheMostFrequentOfTheShortest) {
  // The boss is found first; the monsters are many.
  const test::NamedGraph named = test::graph_of(R"(
    d: Dungeon
    boss: Boss
    d -> boss .boss
    boss -> d .dungeon
  )" + dungeon_text("d", 3));
  const Cycles cycles = cycles_of(named.graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(to_string(cycles.shapes[0].steps), "Dungeon.monsters[] -> Monster.dungeon ->");
  // The boss and the dungeon still hold each other, and so the monsters.
  EXPECT_EQ(cycles.shapes[0].cut.freed, (CycleTally{0, 0, 0}));
}

TEST(Cycles, CutTheChildsReferenceWhenThereIsOneChildAndAListBetween) {
  const test::NamedGraph named = test::graph_of(R"(
    dungeon: Dungeon
    list: list
    monster: Monster
    dungeon -> list .monsters
    list -> monster [0]
    monster -> dungeon .dungeon
  )");
  EXPECT_EQ(to_string(cycles_of(named.graph).shapes.at(0).steps),
            "Dungeon.monsters -> list[] -> Monster.dungeon ->");
}

TEST(Cycles, AreOfOneShapeWhereverTheyBegin) {
  const test::NamedGraph named = test::graph_of(R"(
    a: A
    b: B
    c: B
    d: A
    a -> b .b
    b -> a .a
    c -> d .a
    d -> c .b
  )");
  const Cycles cycles = cycles_of(named.graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(cycles.shapes[0].all.components, 2u);
}

TEST(Cycles, OfRingsAreOneShapeWhateverTheirLength) {
  const test::NamedGraph named = test::graph_of(R"(
    a -> b .next
    b -> c .next
    c -> a .next
    d -> e .next
    e -> d .next
    f -> f .next
  )");
  const Cycles cycles = cycles_of(named.graph);
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(to_string(cycles.shapes[0].steps), "Node.next ->");
  EXPECT_EQ(cycles.shapes[0].all.components, 3u);
}

TEST(Cycles, SayWhenACutLeavesSome) {
  // Parent and child, and the children in a ring of their own.
  const test::NamedGraph named = test::graph_of(R"(
    parent: Parent
    a: Child
    b: Child
    c: Child
    parent -> a .children[0]
    parent -> b .children[1]
    parent -> c .children[2]
    a -> parent .parent
    b -> parent .parent
    c -> parent .parent
    a -> b .next
    b -> c .next
    c -> a .next
  )");
  const CycleShape shape = cycles_of(named.graph).shapes.at(0);
  EXPECT_EQ(to_string(shape.steps), "Parent.children[] -> Child.parent ->");
  EXPECT_EQ(shape.cut.freed, (CycleTally{0, 1, 16}));
}

TEST(Cycles, OfALargeComponentAreSampledAndSaySo) {
  // Every node refers to the next two of a ring: shortest cycles are half as long as the ring.
  constexpr NodeIndex kLength = 5000;
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node < kLength; ++node) builder.add_node({});
  for (NodeIndex node = 0; node < kLength; ++node) {
    builder.add_edge(node, (node + 1) % kLength, graph::EdgeKind(), "one");
    builder.add_edge(node, (node + 2) % kLength, graph::EdgeKind(), "two");
  }
  const Cycles cycles = cycles_of(std::move(builder).build());
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(cycles.shapes[0].sampled_components, 1u);
  EXPECT_EQ(cycles.shapes[0].example.size(), kLength / 2);
  EXPECT_EQ(to_string(cycles.shapes[0].steps), "node.two ->");
}

TEST(Cycles, TakeARingOfAMillion) {
  constexpr NodeIndex kLength = 1'000'000;
  graph::GraphBuilder builder;
  for (NodeIndex node = 0; node < kLength; ++node) builder.add_node({});
  for (NodeIndex node = 0; node < kLength; ++node) builder.add_edge(node, (node + 1) % kLength);
  const Cycles cycles = cycles_of(std::move(builder).build());
  ASSERT_EQ(cycles.shapes.size(), 1u);
  EXPECT_EQ(cycles.shapes[0].cut.freed.objects, kLength);
}

}  // namespace
}  // namespace ouro::analysis
