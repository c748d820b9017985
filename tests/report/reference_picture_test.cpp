// Pictures of references as data: what is shown, merged, left out and highlighted.
#include "report/reference_picture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "report/picture_support.hpp"
#include "report/picture_words.hpp"

namespace {

using namespace ouro;
using namespace ouro::report;
using graph::EdgeIndex;
using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;
using test::dungeon_text;
using test::graph_of;
using test::NamedGraph;
using test::picture_of;

constexpr std::size_t kNoLimit = 1000000;

std::vector<std::string> titles(const ReferencePicture& picture) {
  std::vector<std::string> titles;
  for (const PictureNode& node : picture.nodes) titles.push_back(title_of(node));
  return titles;
}

/// "Dungeon#1 .monsters[0..4] Monster × 5", in the picture's order.
std::vector<std::string> edges(const ReferencePicture& picture) {
  std::vector<std::string> texts;
  for (const PictureEdge& edge : picture.edges) {
    texts.push_back(title_of(picture.nodes[edge.from]) + ' ' + edge.label + ' ' +
                    title_of(picture.nodes[edge.to]));
  }
  return texts;
}

std::set<std::string> highlighted(const ReferencePicture& picture) {
  std::set<std::string> texts;
  const auto all = edges(picture);
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (picture.edges[at].is_in_cycle) texts.insert(all[at]);
  }
  return texts;
}

const PictureNode& node_called(const ReferencePicture& picture, const std::string& title) {
  const auto found = std::ranges::find(picture.nodes, title, title_of);
  if (found == picture.nodes.end()) throw std::invalid_argument("no node is called " + title);
  return *found;
}

using Texts = std::vector<std::string>;

TEST(ReferencePicture, SiblingsThatAreAlikeAreOneNodeAndTheirPlacesOneLabel) {
  const NamedGraph heap = graph_of(dungeon_text(98));
  const ReferencePicture picture = picture_of(heap.graph, {heap["d"]});
  EXPECT_EQ(titles(picture), (Texts{"Dungeon#1", "Monster × 98"}));
  EXPECT_EQ(edges(picture),
            (Texts{"Dungeon#1 .monsters[0..97] Monster × 98", "Monster × 98 .dungeon Dungeon#1"}));
  EXPECT_EQ(picture.edges[0].count, 98u);
  EXPECT_EQ(picture.nodes[1].size_bytes, 98u * 32);
  EXPECT_EQ(facts_of(picture.nodes[1]), "3.1 KiB, count 1 each");
  EXPECT_EQ(facts_of(picture.nodes[0]), "40 B, count 99");
}

TEST(ReferencePicture, ThreeSiblingsAreShownOneByOne) {
  const NamedGraph heap = graph_of(dungeon_text(3));
  EXPECT_EQ(titles(picture_of(heap.graph, {heap["d"]})),
            (Texts{"Dungeon#1", "Monster#1", "Monster#2", "Monster#3"}));
}

// Something else holds m7, and a root m9: they are what the reader looks for.
TEST(ReferencePicture, SiblingsThatAreHeldOtherwiseThanTheRestStandApart) {
  const NamedGraph heap = graph_of(dungeon_text(20) + "d -> m7 .boss\nroot m9\n");
  const ReferencePicture picture = picture_of(heap.graph, {heap["d"]});
  EXPECT_EQ(titles(picture), (Texts{"Dungeon#1", "Monster × 18", "Monster#8", "Monster#10"}));
  EXPECT_EQ(picture.edges[0].label, ".monsters[0..6, 8, 10..19]");
  EXPECT_EQ(picture.edges[1].label, ".monsters[7], .boss");
  EXPECT_EQ(node_called(picture, "Monster#10").roots.text, "m9");
}

TEST(ReferencePicture, ManyThatDifferAreStillOneNode) {
  std::string text = dungeon_text(20);
  for (int at = 0; at < 8; ++at) text += "d -> m" + std::to_string(at) + " .boss\n";
  const NamedGraph heap = graph_of(text);
  const ReferencePicture picture = picture_of(heap.graph, {heap["d"]});
  EXPECT_EQ(titles(picture), (Texts{"Dungeon#1", "Monster × 20"}));
  EXPECT_EQ(facts_of(picture.nodes[1]), "640 B");
}

TEST(ReferencePicture, OtherTypesFieldsAndWeakReferencesAreOtherNodes) {
  std::string text;
  for (int at = 0; at < 5; ++at) {
    const std::string place = std::to_string(at);
    text += "a -> x" + place + " .x[" + place + "]\n" + "a -> y" + place + " .y[" + place + "]\n";
    text += "a ~> z" + place + " .x[" + place + "]\n" + "o" + place + ": Other 8\n";
    text += "a -> o" + place + " .x[" + place + "]\n";
  }
  const NamedGraph heap = graph_of(text);
  const ReferencePicture picture = picture_of(heap.graph, {heap["a"]});
  EXPECT_EQ(titles(picture), (Texts{"Node#1", "Node × 5", "Node × 5", "Node × 5", "Other × 5"}));
  EXPECT_TRUE(picture.nodes[3].is_found_weakly);
  EXPECT_EQ(std::ranges::count_if(picture.edges, &PictureEdge::is_weak), 1);
}

TEST(ReferencePicture, WeakReferencesCanBeLeftOut) {
  const NamedGraph heap = graph_of("a -> b .x\na ~> c .y\n");
  const ReferencePicture picture =
      picture_of(heap.graph, {heap["a"]}, {.weak_edges = WeakEdges::kHidden});
  EXPECT_EQ(titles(picture), (Texts{"Node#1", "Node#2"}));
  EXPECT_EQ(picture.nodes[0].left_out, 0u);
}

TEST(ReferencePicture, BackrefsGoFromTheObjectToItsHoldersAndRoots) {
  const NamedGraph heap = graph_of(R"(
    s: Server 8
    l: list 8
    c: Connection 8
    h: Handler 8
    s -> l .connections
    l -> c [3]
    c -> h .handler
    h -> c .connection
    root s
  )");
  const ReferencePicture picture =
      picture_of(heap.graph, {heap["c"]}, {.direction = Direction::kBackrefs});
  EXPECT_EQ(titles(picture), (Texts{"Connection#1", "Handler#1", "list#1", "Server#1"}));
  EXPECT_EQ(edges(picture),
            (Texts{"Connection#1 .handler Handler#1", "Handler#1 .connection Connection#1",
                   "list#1 [3] Connection#1", "Server#1 .connections list#1"}));
  EXPECT_EQ(node_called(picture, "Server#1").roots.text, "s");
  EXPECT_EQ(highlighted(picture), (std::set<std::string>{"Connection#1 .handler Handler#1",
                                                         "Handler#1 .connection Connection#1"}));
}

TEST(ReferencePicture, WhatIsBeyondTheLimitsIsCounted) {
  std::string text;
  for (int at = 0; at < 30; ++at) {
    const std::string place = std::to_string(at);
    text += "n" + place + ": T" + place + " 8\na -> n" + place + " .f" + place + "\n" + "n" +
            place + " -> far" + place + " .g\n";
  }
  const NamedGraph heap = graph_of(text);
  const auto children = [&](const PictureOptions& options) {
    return picture_of(heap.graph, {heap["a"]}, options);
  };
  EXPECT_EQ(children({}).nodes.size(), 21u);
  EXPECT_EQ(children({}).nodes[0].left_out, 20u);
  EXPECT_EQ(left_out_text(children({}).nodes[0]), "+ 20 more");
  EXPECT_EQ(children({.max_nodes = 5}).nodes.size(), 5u);
  EXPECT_EQ(children({.max_nodes = 5}).nodes[0].left_out, 26u);
  const ReferencePicture near = children({.max_depth = 1});
  EXPECT_EQ(near.nodes.size(), 11u);
  EXPECT_EQ(near.nodes[1].left_out, 1u);
}

TEST(ReferencePicture, EdgesThatWereNotLookedAtAreSaidToBe) {
  const NamedGraph heap = graph_of(dungeon_text(100));
  const ReferencePicture picture = picture_of(heap.graph, {heap["d"]}, {.most_edges = 80});
  EXPECT_TRUE(picture.nodes[0].is_partial);
  EXPECT_EQ(left_out_text(picture.nodes[0]), "+ more, not looked at");
  EXPECT_EQ(picture.nodes[1].count, 40u);
}

TEST(ReferencePicture, TheCycleIsShownBeyondTheLimits) {
  const NamedGraph heap = graph_of(R"(
    a -> x .x
    a -> b .b
    b -> c .c
    c -> d .d
    d -> a .a
    c -> y .y
  )");
  const ReferencePicture picture =
      picture_of(heap.graph, {heap["a"]}, {.max_depth = 1, .max_nodes = 2, .max_children = 1});
  EXPECT_EQ(picture.nodes.size(), 4u);
  EXPECT_EQ(highlighted(picture).size(), 4u);
  EXPECT_EQ(picture.nodes[0].left_out, 1u);
  EXPECT_TRUE(std::ranges::all_of(picture.nodes, &PictureNode::is_in_cycle));
}

TEST(ReferencePicture, WeakReferencesCloseNoCycle) {
  const NamedGraph heap = graph_of("a -> b .b\nb ~> a .a\n");
  EXPECT_TRUE(highlighted(picture_of(heap.graph, {heap["a"]})).empty());
}

TEST(ReferencePicture, ClassesAndModulesAreLeftOutUnlessTheyAreAskedAbout) {
  graph::GraphBuilder builder;
  const auto add = [&](const char* type, std::uint8_t flags) {
    return builder.add_node({.type = builder.add_type("", type), .flags = graph::NodeFlags(flags)});
  };
  const NodeIndex object = add("Thing", 0);
  const NodeIndex type = add("type", graph::NodeFlags::kIsType);
  const NodeIndex module = add("module", 0);
  builder.add_edge(object, type, EdgeMeaning::kType);
  builder.add_edge(object, module, EdgeMeaning::kAttribute, "owner");
  const HeapGraph heap = std::move(builder).build();
  const ReferencePicture picture = picture_of(heap, {object});
  EXPECT_EQ(titles(picture), (Texts{"Thing#1"}));
  EXPECT_EQ(hidden_edges_text(picture),
            "2 references of or to classes, modules and code not shown");
  EXPECT_EQ(picture_of(heap, {object}, {.class_edges = ClassEdges::kShown}).nodes.size(), 3u);
  EXPECT_EQ(edges(picture_of(heap, {type}, {.direction = Direction::kBackrefs})),
            (Texts{"Thing#1 .__class__ type#1"}));
}

TEST(ReferencePicture, LabelsOfManyEdgesStayShort) {
  const NamedGraph heap = graph_of(R"(
    a -> b .one
    a -> b .two
    a -> b .three
    a -> b .four
    a -> b .five
    c -> d [1]
    c -> d [3]
    c -> d [5]
    c -> d [7]
  )");
  const auto label = [&](const char* name) {
    return picture_of(heap.graph, {heap[name]}).edges.at(0).label;
  };
  EXPECT_EQ(label("a"), ".one, .two, .three + 2 more");
  EXPECT_EQ(label("c"), "[1, 3, 5, …]");
}

TEST(ReferencePicture, KeysOfMappingsAreNamedFirstAndLast) {
  graph::GraphBuilder builder;
  const NodeIndex dict = builder.add_node({.type = builder.add_type("", "dict")});
  for (int at = 0; at < 9; ++at) {
    const NodeIndex value = builder.add_node({.type = builder.add_type("", "str")});
    builder.add_edge(dict, value, EdgeMeaning::kValue, "'k" + std::to_string(at) + "'");
  }
  const HeapGraph heap = std::move(builder).build();
  EXPECT_EQ(picture_of(heap, {dict}).edges.at(0).label, "['k0'] … ['k8']");
}

TEST(ReferencePicture, StartsMayRepeatAndAreCountedWhereThereAreTooMany) {
  const NamedGraph heap = graph_of("a -> b\nc -> d\ne -> f\n");
  const auto starts = std::vector<NodeIndex>{heap["a"], heap["a"], heap["c"], heap["e"], heap["e"]};
  const ReferencePicture picture = picture_of(heap.graph, starts, {.max_nodes = 2});
  EXPECT_EQ(titles(picture), (Texts{"Node#1", "Node#3"}));
  EXPECT_EQ(picture.left_out_starts, 1u);
}

TEST(ReferencePicture, RootsOfOneNodeAreNamedTogether) {
  const NamedGraph heap = graph_of(dungeon_text(9) + "root m0 m1 m2 m3 m4 m5 m6 m7 m8\n");
  const ReferencePicture picture = picture_of(heap.graph, {heap["d"]});
  EXPECT_EQ(roots_text(picture.nodes[1].roots), "m0; m1; m2 + 6 more");
}

// ---- against a plain description of the graph ---------------------------------------------------

struct Oracle {
  const HeapGraph& graph;
  bool is_backwards;

  std::set<NodeIndex> next(NodeIndex node) const {
    std::set<NodeIndex> others;
    for (NodeIndex source = 0; source < graph.node_count(); ++source) {
      for (const NodeIndex target : graph.targets(source)) {
        if (!is_backwards && source == node) others.insert(target);
        if (is_backwards && target == node) others.insert(source);
      }
    }
    return others;
  }
  std::set<NodeIndex> within(NodeIndex start, std::size_t depth) const {
    std::set<NodeIndex> found{start};
    for (; depth > 0; --depth) {
      std::set<NodeIndex> further = found;
      for (const NodeIndex node : found) further.merge(next(node));
      found = further;
    }
    return found;
  }
  /// In edges; 0 where there is none.
  std::size_t shortest_cycle(NodeIndex start) const {
    std::set<NodeIndex> reached{start};
    for (std::size_t length = 1; length <= kLongestCycle; ++length) {
      std::set<NodeIndex> step;
      for (const NodeIndex node : reached) {
        for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
          if (graph.kind(edge).is_owned()) step.insert(graph.target(edge));
        }
      }
      if (step.contains(start)) return length;
      reached = step;
    }
    return 0;
  }
};

test::RandomGraphOptions random_options(test::Random& random) {
  const std::size_t nodes = 1 + random.below(30);
  return {.node_count = nodes,
          .edge_count = random.below(4 * nodes),
          .root_count = random.below(4),
          .type_count = 1 + random.below(3),
          .weak_one_in = random.below(4)};
}

TEST(ReferencePicture, WithoutLimitsPicturesOfRandomGraphsShowAllThatIsNear) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    test::Random random(seed);
    const HeapGraph heap = test::random_graph(random, random_options(random));
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << test::to_text(heap));
    const auto start = static_cast<NodeIndex>(random.below(heap.node_count()));
    const bool is_backwards = random.once_in(2);
    const PictureOptions options{
        .direction = is_backwards ? Direction::kBackrefs : Direction::kRefs,
        .max_depth = random.below(5),
        .max_nodes = kNoLimit,
        .max_children = kNoLimit};
    const ReferencePicture picture = picture_of(heap, {start}, options);
    const Oracle oracle{heap, is_backwards};

    std::uint64_t near_count = 0;
    for (const PictureNode& node : picture.nodes) {
      if (node.depth <= options.max_depth) near_count += node.count;
      ASSERT_TRUE(node.depth <= options.max_depth || node.is_in_cycle);
    }
    ASSERT_EQ(near_count, oracle.within(start, options.max_depth).size());
    const std::size_t length = oracle.shortest_cycle(start);
    ASSERT_EQ(highlighted(picture).empty(), length == 0);
    const bool is_merged = std::ranges::any_of(picture.nodes, &PictureNode::is_merged);
    if (!is_merged) {
      ASSERT_EQ(std::ranges::count_if(picture.edges, &PictureEdge::is_in_cycle),
                static_cast<std::ptrdiff_t>(length));
    }
  }
}

// No two objects have the same type, so each has a node of its own and all can be counted again.
TEST(ReferencePicture, WithLimitsPicturesOfRandomGraphsSayWhatIsMissing) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    test::Random random(seed);
    test::RandomGraphOptions graph_options = random_options(random);
    graph_options.type_count = 1000000;
    const HeapGraph heap = test::random_graph(random, graph_options);
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << test::to_text(heap));
    const bool is_backwards = random.once_in(2);
    const PictureOptions options{
        .direction = is_backwards ? Direction::kBackrefs : Direction::kRefs,
        .max_depth = random.below(5),
        .max_nodes = 1 + random.below(10),
        .max_children = 1 + random.below(4)};
    const auto start = static_cast<NodeIndex>(random.below(heap.node_count()));
    const ReferencePicture picture = picture_of(heap, {start}, options);
    if (std::ranges::any_of(picture.nodes, &PictureNode::is_merged)) continue;

    ASSERT_LE(picture.nodes.size(), options.max_nodes + kLongestCycle);
    std::map<NodeIndex, std::size_t> place_by_node;
    for (std::size_t place = 0; place < picture.nodes.size(); ++place) {
      ASSERT_TRUE(place_by_node.emplace(picture.nodes[place].node, place).second);
    }
    std::map<std::tuple<std::size_t, std::size_t, bool>, std::uint64_t> expected;
    for (const auto& [node, place] : place_by_node) {
      for (EdgeIndex edge = heap.edges_begin(node); edge < heap.edges_end(node); ++edge) {
        const auto to = place_by_node.find(heap.target(edge));
        if (to == place_by_node.end()) continue;
        ++expected[{place, to->second, heap.kind(edge).is_weak()}];
      }
      std::set<NodeIndex> missing = Oracle{heap, is_backwards}.next(node);
      std::erase_if(missing, [&](NodeIndex other) { return place_by_node.contains(other); });
      ASSERT_EQ(picture.nodes[place].left_out, missing.size());
    }
    std::map<std::tuple<std::size_t, std::size_t, bool>, std::uint64_t> found;
    for (const PictureEdge& edge : picture.edges) {
      ASSERT_TRUE(found.emplace(std::tuple(edge.from, edge.to, edge.is_weak), edge.count).second);
    }
    ASSERT_EQ(found, expected);
  }
}

TEST(ReferencePicture, PicturesOfBigGraphsStayWithinTheirLimits) {
  test::Random random(7);
  const HeapGraph heap = test::random_graph(
      random, {.node_count = 100000, .edge_count = 1000000, .root_count = 1000, .type_count = 20});
  for (const Direction direction : {Direction::kRefs, Direction::kBackrefs}) {
    const PictureOptions options{.direction = direction};
    const ReferencePicture picture = picture_of(heap, {0, 1, 2}, options);
    EXPECT_LE(picture.nodes.size(), options.max_nodes + kLongestCycle);
    std::map<std::size_t, std::size_t> children;
    for (const PictureNode& node : picture.nodes) {
      if (!node.is_start && !node.is_in_cycle) ++children[node.parent];
    }
    for (const auto& [parent, count] : children) EXPECT_LE(count, options.max_children);
  }
}

TEST(ReferencePicture, AChainOfAMillionObjectsIsNotWalkedToItsEnd) {
  graph::GraphBuilder builder;
  const auto type = builder.add_type("", "Node");
  for (int at = 0; at < 1000000; ++at) builder.add_node({.type = type});
  for (NodeIndex at = 1; at < 1000000; ++at)
    builder.add_edge(at - 1, at, EdgeMeaning::kAttribute, "next");
  const HeapGraph heap = std::move(builder).build();
  const ReferencePicture picture = picture_of(heap, {0}, {.max_depth = kNoLimit});
  EXPECT_EQ(picture.nodes.size(), 60u);
  EXPECT_EQ(picture.nodes.back().left_out, 1u);
}

TEST(ReferencePicture, TextsOfOtherProgramsArePrintable) {
  graph::GraphBuilder builder;
  const NodeIndex from = builder.add_node({.type = builder.add_type("mo\ndule", "T\x1b[31m")});
  const NodeIndex to = builder.add_node({.type = builder.add_type("", "str")});
  builder.set_preview(to, "'\xff\x07\"\\\n'");
  builder.add_edge(from, to, EdgeMeaning::kAttribute, "a\tb");
  builder.add_root(from, graph::RootKind::kGlobal, "r\xc2\x85oot", 1);
  const HeapGraph heap = std::move(builder).build();
  const ReferencePicture picture = picture_of(heap, {from});
  EXPECT_EQ(picture.nodes[0].name, "T\uFFFD[31m#1");
  EXPECT_EQ(picture.nodes[0].type, "mo\uFFFDdule.T\uFFFD[31m");
  EXPECT_EQ(picture.nodes[0].roots.text, "r\uFFFDoot");
  EXPECT_EQ(picture.nodes[1].preview, "'\uFFFD\uFFFD\"\\\uFFFD'");
  EXPECT_EQ(picture.edges[0].label, ".a\uFFFDb");
}

}  // namespace
