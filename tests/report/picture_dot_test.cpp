// Pictures of references in DOT, and what Graphviz makes of them.
#include "report/picture_dot.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "base/picture_file.hpp"
#include "report/picture_support.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace ouro;
using namespace ouro::report;
using test::graph_of;
using test::NamedGraph;
using test::picture_of;

/// The lines of nodes and edges, without those of the looks of all.
std::string body_of(const std::string& dot) {
  const std::size_t edge_looks = dot.find("  edge [");
  return dot.substr(dot.find('\n', edge_looks) + 1);
}

TEST(PictureDot, TheTextOfADungeon) {
  const NamedGraph heap = graph_of(test::dungeon_text(100));
  const std::string dot = picture_dot(picture_of(heap.graph, {heap["d"]}));
  EXPECT_NE(dot.find("<b>What Dungeon#1 refers to</b>"), std::string::npos);
  EXPECT_NE(dot.find("red: a reference cycle"), std::string::npos);
  EXPECT_EQ(dot.find("dashed"), std::string::npos) << "no legend for what is not there";
  EXPECT_EQ('\n' + body_of(dot), R"(
  n0 [label=<<b>Dungeon#1</b><br/><font point-size="9" color="#475569">40 B, count 101</font>>, fillcolor="#f1f5f9", color="#0f172a", tooltip="Dungeon", penwidth=2];
  r0 [label="d", shape=box, style=filled, fillcolor="#dcfce7", color="#15803d", fontcolor="#14532d", fontsize=10];
  r0 -> n0 [color="#15803d"];
  n1 [label=<<b>Monster × 100</b><br/><font point-size="9" color="#475569">3.1 KiB, count 1 each</font>>, fillcolor="#ecfccb", color="#dc2626", tooltip="Monster", penwidth=2, peripheries=2];
  n0 -> n1 [label=" .monsters[0..99] ", color="#dc2626", fontcolor="#dc2626", penwidth=2.2];
  n0 -> n1 [label=" .dungeon ", dir=back, color="#dc2626", fontcolor="#dc2626", penwidth=2.2];
}
)");
}

TEST(PictureDot, WeakEdgesAreDashedAndLeftOutObjectsAreNamed) {
  const NamedGraph heap = graph_of("a: A 1\nb: B 1\nc: C 1\na ~> b .b\na -> c .c\nc -> d\n");
  const std::string dot =
      picture_dot(picture_of(heap.graph, {heap["a"]}, {.max_depth = 1, .max_children = 1}));
  EXPECT_EQ('\n' + body_of(dot), R"(
  n0 [label=<<b>A#1</b><br/><font point-size="9" color="#475569">1 B, count 0</font>>, fillcolor="#fce7f3", color="#0f172a", tooltip="A", penwidth=2];
  m0 [label="+ 1 more", shape=plaintext, style="", fontsize=10, margin="0.05,0.03", fontcolor="#475569"];
  n0 -> m0 [style=dotted, arrowhead=none, arrowtail=none];
  n1 [label=<<b>B#1</b><br/><font point-size="9" color="#475569">1 B, count 0</font>>, fillcolor="#f1f5f9", color="#94a3b8", tooltip="B"];
  n0 -> n1 [label=" .b ", style=dashed];
}
)");
}

TEST(PictureDot, ATypeHasTheSameColourInEveryPicture) {
  const auto colour = [](const std::string& dot, const std::string& name) {
    const std::size_t fill = dot.find("fillcolor=\"", dot.find("<b>" + name));
    return dot.substr(fill + 11, 7);
  };
  const NamedGraph alone = graph_of("m: Monster 1\n");
  const NamedGraph dungeon = graph_of(test::dungeon_text(9));
  EXPECT_EQ(colour(picture_dot(picture_of(alone.graph, {alone["m"]})), "Monster#1"),
            colour(picture_dot(picture_of(dungeon.graph, {dungeon["d"]})), "Monster"));
}

/// Draws to SVG; the SVG, or nothing without Graphviz.
std::optional<std::string> drawn(const ReferencePicture& picture) {
  const test::TemporaryFolder folder;
  const Result<PictureFile> file = write_picture(picture_dot(picture), folder / "picture.svg");
  if (!file) throw std::runtime_error(file.error().to_string());
  if (file->written != Written::kPicture) return std::nullopt;
  return test::read_file(file->path);
}

TEST(PictureDot, GraphvizDrawsADungeon) {
  const NamedGraph heap = graph_of(test::dungeon_text(98));
  const auto svg = drawn(picture_of(heap.graph, {heap["d"]}));
  if (!svg) GTEST_SKIP() << "Graphviz is not installed";
  EXPECT_NE(svg->find("Monster × 98"), std::string::npos);
  EXPECT_NE(svg->find("</svg>"), std::string::npos);
}

TEST(PictureDot, GraphvizDrawsHostileTexts) {
  const auto svg = drawn(picture_of(test::hostile_heap(), {0}));
  if (!svg) GTEST_SKIP() << "Graphviz is not installed";
  EXPECT_NE(svg->find("</svg>"), std::string::npos);
  for (const char c : *svg) EXPECT_TRUE(c < 0 || c >= ' ' || c == '\n');
}

TEST(PictureDot, GraphvizDrawsRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    test::Random random(seed);
    const auto heap = test::random_graph(
        random, {.node_count = 2000, .edge_count = 8000, .root_count = 100, .weak_one_in = 4});
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    PictureOptions options;
    if (random.once_in(2)) options.direction = Direction::kBackrefs;
    const auto svg = drawn(picture_of(heap, {0}, options));
    if (!svg) GTEST_SKIP() << "Graphviz is not installed";
    EXPECT_NE(svg->find("</svg>"), std::string::npos);
  }
}

}  // namespace
