#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "graph/graph_builder.hpp"
#include "graph/graph_file.hpp"
#include "support/graph_text.hpp"
#include "support/graph_walk.hpp"
#include "support/random.hpp"
#include "support/sealed_file.hpp"
#include "support/temporary_folder.hpp"

namespace {

using ouro::test::everything_of;
using ouro::test::Random;
using ouro::test::read_file;
using ouro::test::TemporaryFolder;
using ouro::test::write_file;
namespace graph = ouro::graph;

/// Some of everything: previews, roots, facts, exceptions of sizes and counts.
graph::HeapGraph rich_graph() {
  graph::GraphBuilder builder;
  const auto list = builder.add_type("builtins", "list");
  const auto connection = builder.add_type("server", "Connection");
  const auto a = builder.add_node({.address = 0x555555560010,
                                   .type = list,
                                   .size_bytes = 5'000'000'000,
                                   .reference_count = 3'000'000'000,
                                   .flags = graph::NodeFlags::tracked(2)});
  const auto b = builder.add_node({.address = 0x7ffff0000020,
                                   .type = connection,
                                   .size_bytes = 48,
                                   .reference_count = 2,
                                   .flags = graph::NodeFlags(graph::NodeFlags::kImmortal)});
  builder.set_preview(b, "peer 10.0.0.1");
  builder.set_type_node(connection, a);
  builder.add_edge(a, b, graph::EdgeMeaning::kItem, "", 70'000);
  builder.add_edge(a, a, graph::EdgeMeaning::kItem, "", 1);
  builder.add_edge(b, a, graph::EdgeMeaning::kAttribute, "handler");
  builder.add_edge(b, a, graph::kWeakEdge, "owner");
  builder.add_root(a, graph::RootKind::kGlobal, "module `server` ._CONNECTIONS", 1);
  builder.add_fact("pid", "4711");
  return std::move(builder).build();
}

std::string bytes_of(const graph::HeapGraph& heap, const TemporaryFolder& folder) {
  const std::string path = folder / "graph.ouro";
  EXPECT_FALSE(graph::write_graph(heap, path));
  return read_file(path);
}

/// What opening and checking these bytes says: "" if nothing is wrong.
std::string complaint_about(const std::string& bytes, const TemporaryFolder& folder) {
  const std::string path = folder / "changed.ouro";
  write_file(path, bytes);
  const auto opened = graph::open_graph(path);
  if (!opened) return opened.error().to_string();
  if (const auto error = opened->require()) return error->to_string();
  everything_of(*opened);
  return {};
}

TEST(GraphFile, HoldsWhatWasWritten) {
  const TemporaryFolder folder;
  const graph::HeapGraph written = rich_graph();
  ASSERT_FALSE(graph::write_graph(written, folder / "a.ouro"));
  const auto read = graph::open_graph(folder / "a.ouro");
  ASSERT_TRUE(read) << read.error().to_string();
  ASSERT_FALSE(read->require());
  EXPECT_EQ(everything_of(*read), everything_of(written));
  EXPECT_EQ(read->address(1), 0x7ffff0000020u);
  EXPECT_EQ(read->size_bytes(0), 5'000'000'000u);
  EXPECT_EQ(read->reference_count(0), 3'000'000'000u);
  EXPECT_EQ(read->preview(1), "peer 10.0.0.1");
  EXPECT_EQ(read->preview(0), "");
  EXPECT_EQ(read->edge_label(0), "[70000]");
  EXPECT_EQ(read->edge_shape(0), "[]");
  EXPECT_EQ(read->edge_label(2), ".handler");
  EXPECT_EQ(read->type_name(0), "list");
  EXPECT_EQ(read->type_name(1), "server.Connection");
  EXPECT_EQ(read->fact("pid"), "4711");
  EXPECT_EQ(read->source(2), 1u);
}

TEST(GraphFile, HoldsAGraphOfNothing) {
  const TemporaryFolder folder;
  ASSERT_FALSE(graph::write_graph(graph::GraphBuilder().build(), folder / "empty.ouro"));
  const auto read = graph::open_graph(folder / "empty.ouro");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_FALSE(read->require());
  EXPECT_EQ(read->node_count(), 0u);
}

TEST(GraphFile, HoldsRandomGraphs) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const auto written = ouro::test::random_graph(
        random, {.node_count = random.below(30), .edge_count = random.below(80), .weak_one_in = 5});
    ASSERT_FALSE(graph::write_graph(written, folder / "a.ouro"));
    const auto read = graph::open_graph(folder / "a.ouro");
    ASSERT_TRUE(read) << "seed " << seed << ": " << read.error().to_string();
    ASSERT_FALSE(read->require()) << "seed " << seed;
    ASSERT_EQ(everything_of(*read), everything_of(written)) << "seed " << seed;
  }
}

TEST(GraphFile, TakesAtMost16BytesANodeAnd12AnEdge) {
  const TemporaryFolder folder;
  Random random(1);
  constexpr std::uint32_t kNodes = 100'000;
  constexpr std::uint32_t kEdges = 300'000;
  graph::GraphBuilder builder;
  for (std::uint32_t at = 0; at < 1000; ++at) builder.add_type("m", std::to_string(at));
  for (std::uint64_t at = 0; at < kNodes; ++at) {
    // Now and then a large object, a hub, and another stretch of memory.
    const bool is_rare = random.once_in(1000);
    builder.add_node({.address = (at % 2 == 0 ? 0x555500000000u : 0x7fff00000000u) + at * 48,
                      .type = static_cast<graph::TypeIndex>(random.below(1000)),
                      .size_bytes = is_rare ? random.below(1u << 30) : 16 + random.below(4096),
                      .reference_count = is_rare ? random.below(1u << 31) : random.below(300),
                      .flags = graph::NodeFlags::tracked(2)});
  }
  for (std::uint32_t at = 0; at < kEdges; ++at) {
    builder.add_edge(at / 3, static_cast<graph::NodeIndex>(random.below(kNodes)),
                     graph::EdgeMeaning::kItem, std::to_string(random.below(5000)),
                     random.below(60'000));
  }
  ASSERT_FALSE(graph::write_graph(std::move(builder).build(), folder / "a.ouro"));
  const auto sections = graph::describe_sections(folder / "a.ouro");
  ASSERT_TRUE(sections);
  std::uint64_t node_bytes = 0;
  std::uint64_t edge_bytes = 0;
  for (const graph::SectionSummary& section : *sections) {
    const std::string id = section.name.substr(0, 4);
    const bool is_of_nodes = id == "addr" || id == "chnk" || id == "type" || id == "size" ||
                             id == "refc" || id == "flag" || id == "ebeg";
    const bool is_of_edges = id == "targ" || id == "kind" || id == "name" || id == "indx";
    if (is_of_nodes) node_bytes += section.bytes;
    if (is_of_edges) edge_bytes += section.bytes;
  }
  EXPECT_LE(node_bytes, 16u * kNodes);
  EXPECT_LE(edge_bytes, 12u * kEdges);
}

TEST(GraphFile, ThatIsCutOffSaysSoWhereverItIs) {
  const TemporaryFolder folder;
  const std::string whole = bytes_of(rich_graph(), folder);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    ASSERT_NE(complaint_about(whole.substr(0, length), folder), "") << length << " bytes";
  }
  EXPECT_NE(complaint_about(whole.substr(0, whole.size() - 1), folder).find("it was cut off"),
            std::string::npos);
}

TEST(GraphFile, WithAnyByteChangedIsAnErrorOrTheSameGraph) {
  const TemporaryFolder folder;
  const std::string whole = bytes_of(rich_graph(), folder);
  const std::string path = folder / "changed.ouro";
  std::size_t harmless = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    write_file(path, changed);
    const auto opened = graph::open_graph(path);
    if (!opened || opened->require()) continue;
    ++harmless;
    ASSERT_EQ(everything_of(*opened), everything_of(rich_graph())) << "byte " << at;
  }
  // Padding between sections, and nothing else.
  EXPECT_LT(harmless, whole.size() / 2);
}

TEST(GraphFile, ThatLiesIsReadWithoutHarm) {
  const TemporaryFolder folder;
  const std::string whole = bytes_of(rich_graph(), folder);
  std::size_t accepted = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    Random random(seed);
    std::string changed = whole;
    for (std::size_t times = 1 + random.below(4); times > 0; --times) {
      const std::size_t at = random.below(changed.size());
      constexpr unsigned char kValues[] = {0, 1, 0x7F, 0x80, 0xFF};
      changed[at] = static_cast<char>(
          random.once_in(2) ? kValues[random.below(5)] : static_cast<unsigned char>(random.next()));
    }
    ouro::test::seal(changed);
    accepted += complaint_about(changed, folder).empty();
  }
  EXPECT_GT(accepted, 0u) << "the damage never got past the checksums";
}

TEST(GraphFile, OfANewerFormatAsksForANewerOuro) {
  const TemporaryFolder folder;
  std::string bytes = bytes_of(rich_graph(), folder);
  bytes[8] = 2;
  ouro::test::seal(bytes);
  const std::string complaint = complaint_about(bytes, folder);
  EXPECT_NE(complaint.find("changed.ouro: header, offset 8: has format version 2, and this Ouro "
                           "reads up to 1; a newer Ouro reads it"),
            std::string::npos)
      << complaint;
}

TEST(GraphFile, MayHaveSectionsNobodyKnows) {
  const TemporaryFolder folder;
  std::string bytes = bytes_of(rich_graph(), folder);
  graph::format::FileHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  std::memcpy(bytes.data() + header.table_offset + 40, "new!", 4);  // it was the table of types
  ouro::test::seal(bytes);
  EXPECT_EQ(complaint_about(bytes, folder), "");
}

TEST(GraphFile, ThatClaimsMoreThanAGraphMayHaveIsRefused) {
  const TemporaryFolder folder;
  for (const std::size_t at : {36u, 40u}) {  // nodes, edges
    std::string bytes = bytes_of(rich_graph(), folder);
    std::memset(bytes.data() + at, 0xFF, 4);
    ouro::test::seal(bytes);
    EXPECT_NE(complaint_about(bytes, folder).find("expected at most 4294967294 of each"),
              std::string::npos)
        << complaint_about(bytes, folder);
  }
}

TEST(GraphFile, NamesSectionOffsetExpectedAndFound) {
  const TemporaryFolder folder;
  std::string bytes = bytes_of(rich_graph(), folder);
  const auto sections = graph::describe_sections(folder / "graph.ouro");
  ASSERT_TRUE(sections);
  // The first target is node 1; the file has 2 nodes.
  graph::format::FileHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  for (std::uint32_t at = 0; at < header.section_count; ++at) {
    graph::format::SectionEntry entry;
    std::memcpy(&entry, bytes.data() + header.table_offset + at * sizeof(entry), sizeof(entry));
    if (entry.id == graph::format::kEdgeTargets) bytes[entry.offset] = 9;
  }
  EXPECT_NE(complaint_about(bytes, folder).find("section 'targ' at offset "), std::string::npos);
  EXPECT_NE(complaint_about(bytes, folder).find("the checksum is 0x"), std::string::npos);
  ouro::test::seal(bytes);
  EXPECT_NE(complaint_about(bytes, folder).find(": element 0 is node 9, expected less than 2"),
            std::string::npos)
      << complaint_about(bytes, folder);
}

TEST(GraphFile, ThatIsNoneIsRefusedByName) {
  const TemporaryFolder folder;
  EXPECT_EQ(graph::open_graph(folder / "missing.ouro").error().code, ouro::ErrorCode::kNotFound);
  EXPECT_NE(graph::open_graph(folder.path().string()).error().to_string().find("is a folder"),
            std::string::npos);
  EXPECT_NE(complaint_about("", folder).find("the file is empty"), std::string::npos);
  for (const std::size_t length : {3u, 30u, 100u}) {
    EXPECT_NE(complaint_about(std::string(length, 'x'), folder)
                  .find("does not begin like a heap graph; expected a snapshot (.ouro)"),
              std::string::npos);
  }
  for (const std::size_t length : {1u, 8u, 63u}) {
    const std::string begin = bytes_of(rich_graph(), folder).substr(0, length);
    EXPECT_NE(complaint_about(begin, folder).find("expected at least 64; it was cut off"),
              std::string::npos);
  }
}

TEST(GraphFile, OfAProgramsDataIsReadByItsOwnerAlone) {
  const TemporaryFolder folder;
  const std::string path = folder / "graph.ouro";
  const auto mode = [&] {
    struct stat status{};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 0777u;
  };
  const mode_t umask_before = umask(0022);
  EXPECT_FALSE(graph::write_graph(rich_graph(), path));
  EXPECT_EQ(mode(), 0644u);
  // An older file of the name gives it nothing of its own mode.
  EXPECT_FALSE(graph::write_graph(rich_graph(), path, ouro::FileAccess::kOwnerAlone));
  EXPECT_EQ(mode(), 0600u);
  umask(umask_before);
}

TEST(GraphWriter, InTwoStepsWritesTheSameAsInOne) {
  const TemporaryFolder folder;
  const graph::HeapGraph heap = rich_graph();
  std::size_t given_at_once = 0;
  std::size_t given_in_the_end = 0;
  graph::GraphWriter one_step(folder / "a.ouro", ouro::FileAccess::kUsual,
                              [&](auto bytes) { given_at_once += bytes.size(); });
  ASSERT_FALSE(one_step.finish(heap.columns()));
  graph::GraphWriter two_steps(folder / "b.ouro", ouro::FileAccess::kUsual,
                               [&](auto bytes) { given_in_the_end += bytes.size(); });
  ASSERT_FALSE(two_steps.write_structure(heap.columns()));
  EXPECT_EQ(given_in_the_end, 0u);
  EXPECT_NE(access((folder / "b.ouro").c_str(), F_OK), 0);
  ASSERT_FALSE(two_steps.finish(heap.columns()));
  EXPECT_EQ(read_file(folder / "b.ouro"), read_file(folder / "a.ouro"));
  EXPECT_GT(given_at_once, 0u);
  EXPECT_EQ(given_in_the_end, given_at_once);
}

TEST(GraphWriter, ThatIsNotFinishedLeavesNothing) {
  const TemporaryFolder folder;
  {
    graph::GraphWriter writer(folder / "a.ouro");
    ASSERT_FALSE(writer.write_structure(rich_graph().columns()));
    EXPECT_FALSE(std::filesystem::is_empty(folder.path()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(GraphWriter, SaysWhyTheFirstStepFailed) {
  graph::GraphWriter writer("/dev/full/graph.ouro");
  EXPECT_TRUE(writer.write_structure(rich_graph().columns()));
}

TEST(GraphFile, ThatCannotBeWrittenLeavesTheOldOne) {
  const TemporaryFolder folder;
  EXPECT_TRUE(graph::write_graph(rich_graph(), folder / "no/such/folder.ouro"));
  // /dev/full takes no byte; and a link to it is not followed, so the error is about the place.
  const auto error = graph::write_graph(rich_graph(), "/dev/full/graph.ouro");
  ASSERT_TRUE(error);
  EXPECT_NE(error->to_string().find("cannot be written"), std::string::npos);
}

}  // namespace
