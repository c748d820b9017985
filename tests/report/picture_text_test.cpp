// Pictures of references as trees of text.
#include "report/picture_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "report/picture_support.hpp"
#include "report/picture_words.hpp"

namespace {

using namespace ouro;
using namespace ouro::report;
using test::graph_of;
using test::NamedGraph;
using test::picture_of;

constexpr PictureOptions kBackrefs{.direction = Direction::kBackrefs};

TEST(PictureText, AlikeObjectsAreOneLineAndTheWayBackClosesTheCycle) {
  const NamedGraph heap = graph_of(test::dungeon_text(100));
  EXPECT_EQ('\n' + picture_text(picture_of(heap.graph, {heap["d"]})), R"(
Dungeon#1  40 B, count 101
├─ ◆ d
└─ .monsters[0..99] → Monster × 100  3.1 KiB, count 1 each
   └─ .dungeon → Dungeon#1 ↺

↺ closes a cycle
)");
}

// Which handler refers to which of the merged connections is not known, so no cycle is claimed.
TEST(PictureText, TheTreeOfALeakingServer) {
  const NamedGraph heap = graph_of(test::server_text(8));
  EXPECT_EQ('\n' + picture_text(picture_of(heap.graph, {heap["s"]})), R"(
Server#1  64 B, count 1
├─ ◆ s
├─ .connections → list#1  80 B, count 1
│  ├─ [0, 1, 3..7] → Connection × 7  392 B, count 2 each
│  │  ├─ .handler → Handler × 7  336 B, count 1 each
│  │  │  └─ .connection → Connection × 7 (seen above)
│  │  └─ .socket → Socket × 7  896 B, count 1 each
│  │     └─ .owner (weak) → Connection × 7 (seen above)
│  └─ [2] → Connection#3 (see below)
└─ .current → Connection#3  56 B, count 3
   ├─ .handler → Handler#3  48 B, count 1
   │  └─ .connection → Connection#3 ↺
   └─ .socket → Socket#3  128 B, count 1
      └─ .owner (weak) → Connection#3 (seen above)

↺ closes a cycle
)");
}

TEST(PictureText, TheTreeOfWhatHoldsAConnection) {
  const NamedGraph heap = graph_of(test::server_text(8));
  EXPECT_EQ('\n' + picture_text(picture_of(heap.graph, {heap["c2"]}, kBackrefs)), R"(
Connection#3  56 B, count 3
├─ .connection ← Handler#3  48 B, count 1
│  └─ .handler ← Connection#3 ↺
├─ .current ← Server#1  64 B, count 1
│  └─ ◆ s
├─ [2] ← list#1  80 B, count 1
│  └─ .connections ← Server#1 (seen above)
└─ .owner (weak) ← Socket#3  128 B, count 1
   └─ .socket ← Connection#3 (seen above)

↺ closes a cycle
)");
}

// d and e, to which both b and c lead, stand below b, which was found first.
TEST(PictureText, WhatStandsElsewhereIsReferredTo) {
  const NamedGraph heap = graph_of(R"(
    a -> b .b
    a -> c .c
    b -> e .e
    c -> d .d
    b -> d .d
    d -> c .c
    c -> e .e
  )");
  EXPECT_EQ('\n' + picture_text(picture_of(heap.graph, {heap["a"]})), R"(
Node#1  16 B, count 0
├─ .b → Node#2  16 B, count 1
│  ├─ .e → Node#4  16 B, count 2
│  └─ .d → Node#5  16 B, count 2
│     └─ .c → Node#3 (see below)
└─ .c → Node#3  16 B, count 2
   ├─ .d → Node#5 (seen above)
   └─ .e → Node#4 (seen above)
)");
}

TEST(PictureText, WhatIsLeftOutIsSaid) {
  std::string text;
  for (int at = 0; at < 12; ++at) {
    text += "a -> n" + std::to_string(at) + " .f" + std::to_string(at) + "\n";
  }
  const NamedGraph heap = graph_of(text);
  EXPECT_EQ('\n' + picture_text(picture_of(heap.graph, {heap["a"], heap["n3"]},
                                           {.max_nodes = 1, .max_children = 2})),
            R"(
Node#1  16 B, count 0
└─ + 12 more

+ 1 more of the objects asked for
)");
}

TEST(PictureText, PreviewsGiveWayFirstThenSizes) {
  graph::GraphBuilder builder;
  const auto text = builder.add_node(
      {.type = builder.add_type("", "str"), .size_bytes = 100, .reference_count = 1});
  builder.set_preview(text, "'a text that is rather long'");
  const graph::HeapGraph heap = std::move(builder).build();
  const ReferencePicture picture = picture_of(heap, {text});
  EXPECT_EQ(picture_text(picture), "str#1 'a text that is rather long'  100 B, count 1\n");
  EXPECT_EQ(picture_text(picture, 40), "str#1 'a text t…er long'  100 B, count 1\n");
  EXPECT_EQ(picture_text(picture, 25), "str#1  100 B, count 1\n");
  EXPECT_EQ(picture_text(picture, 12), "str#1\n");
  EXPECT_EQ(picture_text(picture, 4), "st…1\n");
}

TEST(PictureText, NoLineIsWiderThanAskedFor) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    test::Random random(seed);
    const auto heap =
        test::random_graph(random, {.node_count = 30, .edge_count = 80, .weak_one_in = 5});
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << test::to_text(heap));
    const std::size_t width = 1 + random.below(60);
    std::istringstream lines(
        picture_text(picture_of(heap, {0}, {.max_depth = random.below(20)}), width));
    for (std::string line; std::getline(lines, line);) ASSERT_LE(width_of(line), width) << line;
  }
}

/// All nodes of a picture stand in its tree with what they lead to, each once.
TEST(PictureText, EveryNodeIsOpenedOnce) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    test::Random random(seed);
    const auto heap = test::random_graph(
        random, {.node_count = 12, .edge_count = 20, .type_count = 1000, .weak_one_in = 4});
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << test::to_text(heap));
    PictureOptions options{.max_depth = random.below(6)};
    if (random.once_in(2)) options.direction = Direction::kBackrefs;
    const ReferencePicture picture = picture_of(heap, {0, 1}, options);
    const std::string text = picture_text(picture);
    for (const PictureNode& node : picture.nodes) {
      const std::string opened = title_of(node) + "  " + facts_of(node) + '\n';
      const std::size_t first = text.find(opened);
      ASSERT_NE(first, std::string::npos) << opened << text;
    }
  }
}

TEST(PictureText, HostileTextsBreakNoLine) {
  const std::string text = picture_text(picture_of(test::hostile_heap(), {0}), 80);
  EXPECT_EQ(std::ranges::count(text, '\n'), 6) << text;
  for (const char c : text) EXPECT_TRUE(c == '\n' || c < 0 || c >= ' ');
}

}  // namespace
