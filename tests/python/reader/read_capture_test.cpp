#include "python/heap/read_capture.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "graph/graph_file.hpp"
#include "python/reader/server_stream.hpp"
#include "support/graph_walk.hpp"
#include "support/memory_file.hpp"
#include "support/random.hpp"
#include "support/temporary_folder.hpp"

namespace ouro::python::heap {
namespace {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;
using graph::RootKind;
using stream::LabelKind;
using stream::RecordKind;
using stream::RootWhat;
using stream::TextKind;
using test::MemoryFile;
using test::ServerStream;
using test::StreamBuilder;

Result<CapturedHeap> read_bytes(std::string_view bytes, const ReadOptions& options = {}) {
  const MemoryFile file(bytes);
  return read_capture(file.descriptor(), options);
}

std::string error_of(std::string_view bytes) {
  const auto heap = read_bytes(bytes);
  return heap ? "no error" : heap.error().to_string();
}

CapturedHeap captured(ServerStream& server) {
  server.stream.end();
  auto heap = read_bytes(server.stream.bytes());
  EXPECT_TRUE(heap.has_value()) << heap.error().to_string();
  return *std::move(heap);
}

std::vector<std::string> labels_of(const HeapGraph& graph, NodeIndex node) {
  std::vector<std::string> labels;
  for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
    labels.push_back(graph.edge_label(edge));
  }
  return labels;
}

/// "local thread 1, ... x1"
std::vector<std::string> roots_of(const HeapGraph& graph, NodeIndex node) {
  std::vector<std::string> roots;
  for (const graph::Root& root : graph.roots()) {
    if (root.node != node) continue;
    roots.push_back(std::string(name_of(root.kind)) + ' ' + std::string(graph.string(root.name)) +
                    " x" + std::to_string(root.references));
  }
  return roots;
}

using Texts = std::vector<std::string>;

TEST(ReadCapture, TellsTypesNamesSizesAndCounts) {
  ServerStream server = test::server_stream();
  const CapturedHeap heap = captured(server);
  const HeapGraph& graph = heap.graph;
  EXPECT_EQ(graph.node_count(), server.stream.node_count());
  EXPECT_EQ(graph.type_name(graph.type(server.connection)), "Connection");
  EXPECT_EQ(graph.type_name(graph.type(server.connections)), "list");
  EXPECT_EQ(graph.types()[graph.type(server.connection)].node, server.connection_type);
  EXPECT_EQ(labels_of(graph, server.connection), (Texts{".__class__", ".sock"}));
  EXPECT_EQ(labels_of(graph, server.connections), (Texts{"[0]"}));
  EXPECT_EQ(graph.size_bytes(server.connections), 1ull << 33) << "from a wide record";
  EXPECT_EQ(graph.reference_count(server.seven), 1000u);
  EXPECT_EQ(graph.address(server.connection), 0x10000 + 32ull * server.connection);
  EXPECT_EQ(graph.preview(server.seven), "7");
  EXPECT_EQ(graph.preview(server.code), "Handler.handle server.py:38");
  EXPECT_EQ(heap.counts_below_known, 0u);
}

TEST(ReadCapture, NamesRootsByThreadFrameAndVariable) {
  ServerStream server = test::server_stream();
  const HeapGraph graph = captured(server).graph;
  EXPECT_EQ(roots_of(graph, server.connection),
            (Texts{"local thread 1 (MainThread), frame Handler.handle server.py:41, local conn x1",
                   "outside C code x2"}));
  EXPECT_EQ(roots_of(graph, server.seven), (Texts{"immortal immortal x0"}));
  EXPECT_EQ(roots_of(graph, server.connections), Texts{});
}

TEST(ReadCapture, MakesTheNamespaceOfAModuleARootOfItsName) {
  ServerStream server = test::server_stream();
  const HeapGraph graph = captured(server).graph;
  Texts types;
  for (const graph::Root& root : graph.roots()) {
    if (graph.string(root.name) == "module __main__") {
      types.push_back(graph.type_name(graph.type(root.node)));
    }
  }
  EXPECT_EQ(types, (Texts{"dict", "module"}));
}

TEST(ReadCapture, KeepsThreadsAndTheirStacksAsFacts) {
  ServerStream server = test::server_stream();
  const HeapGraph graph = captured(server).graph;
  EXPECT_EQ(graph.fact("runtime"), "cpython 3.13.0");
  EXPECT_EQ(graph.fact("pid"), "42");
  EXPECT_EQ(graph.fact("pause"), "1.5 ms");
  EXPECT_EQ(graph.fact("thread 1"), "MainThread, ident 4711, interpreter 0");
  EXPECT_EQ(graph.fact("stack 1"), "Handler.handle /srv/server.py:41");
  EXPECT_EQ(graph.fact("counts below known references"), "");
}

TEST(ReadCapture, CallsThePauseTheLongestTimeThatTheTargetStoodStill) {
  const auto pause_with = [](std::chrono::microseconds longest_stop) {
    ServerStream server = test::server_stream();
    server.stream.end();
    ReadOptions options;
    options.longest_stop = longest_stop;
    const auto heap = read_bytes(server.stream.bytes(), options);
    return heap ? std::string(heap->graph.fact("pause")) : heap.error().to_string();
  };
  using std::chrono::microseconds;
  EXPECT_EQ(pause_with(microseconds(1200)), "1.5 ms") << "the clone took longer";
  EXPECT_EQ(pause_with(microseconds(3100)), "3.1 ms") << "bringing the walker in did";
}

TEST(ReadCapture, SaysHowManyCountsAreBelowWhatIsKnown) {
  StreamBuilder stream;
  const auto type = stream.add_class("builtins", "list");
  const auto low = stream.add({.type = type, .count = 1});
  stream.add({.type = type, .count = 1});
  stream.edge(low);
  stream.edge(low);
  stream.end();
  const auto heap = read_bytes(stream.bytes());
  ASSERT_TRUE(heap.has_value());
  EXPECT_EQ(heap->counts_below_known, 1u);
  EXPECT_EQ(heap->graph.fact("counts below known references"), "1");
}

TEST(ReadCapture, WritesKeysAsPeopleDo) {
  StreamBuilder stream;
  const auto dict = stream.add_class("builtins", "dict");
  const auto key_type = stream.add_class("app", "Key");
  const auto none_type = stream.add_class("builtins", "NoneType");
  const auto add = [&](TextKind kind, std::string_view bytes) {
    const auto node = stream.add({.type = key_type, .flags = 0});
    stream.text(node, kind, bytes);
    return node;
  };
  const double pi = 3.5;
  const std::array<std::uint32_t, 7> keys{
      add(TextKind::kStr, "it's"),
      add(TextKind::kBytes, "x\xFF"),
      add(TextKind::kInt, std::string_view("\x01\x2A", 2)),
      add(TextKind::kFloat, {reinterpret_cast<const char*>(&pi), sizeof(pi)}),
      add(TextKind::kBool, "\x01"),
      stream.add({.type = none_type}),
      stream.add({.type = key_type})};
  const auto node = stream.add({.type = dict});
  for (const auto key : keys) stream.edge(dict, EdgeMeaning::kValue, LabelKind::kNode, key);
  stream.end();
  const auto heap = read_bytes(stream.bytes());
  ASSERT_TRUE(heap.has_value()) << heap.error().to_string();
  EXPECT_EQ(labels_of(heap->graph, node),
            (Texts{"[\"it's\"]", "[b'x\\xff']", "[-42]", "[3.5]", "[True]", "[None]", "[(Key)]"}));
}

/// A dict of a program with three keys, and a list of what it works on.
StreamBuilder stream_with_values() {
  StreamBuilder stream;
  const auto str = stream.add_class("builtins", "str");
  const auto number = stream.add_class("builtins", "int");
  const auto dict = stream.add_class("builtins", "dict");
  const auto module_type = stream.add_class("builtins", "module");
  const auto list = stream.add_class("builtins", "list");
  const auto text = [&](std::string_view says, std::uint8_t more = 0) {
    const auto node = stream.add({.type = str, .flags = 0, .more = more});
    stream.str(node, says);
    return node;
  };
  const auto named = text("customers", stream::NodeRecord::kInterned);
  const auto file_key = text("__file__", stream::NodeRecord::kInterned);
  const auto password = text("hunter2", stream::NodeRecord::kInterned);
  const auto person = text("alice");
  const auto file = text("/srv/shop.py");
  const auto secret = stream.add({.type = number, .flags = 0});
  stream.integer(secret, 77);
  const auto data = stream.add({.type = str, .flags = 0});
  stream.text(data, TextKind::kBytes, "card 4111");
  const auto items = stream.add({.type = list});
  for (const auto item : {person, secret, data, password}) stream.edge(item);
  const auto names = stream.add({.type = dict});
  stream.edge(items, EdgeMeaning::kValue, LabelKind::kNode, named);
  stream.edge(file, EdgeMeaning::kValue, LabelKind::kNode, file_key);
  stream.edge(items, EdgeMeaning::kValue, LabelKind::kNode, person);
  stream.edge(items, EdgeMeaning::kValue, LabelKind::kNode, secret);
  const auto namespace_name = stream.name("__dict__");
  const auto module = stream.add({.type = module_type});
  stream.edge(names, EdgeMeaning::kAttribute, LabelKind::kName, namespace_name);
  stream.text(module, TextKind::kModule, "shop");
  stream.root(module, RootKind::kGlobal, RootWhat::kModule, "shop", 1);
  stream.end();
  return stream;
}

std::string all_strings_of(const HeapGraph& graph) {
  return std::string(graph.columns().strings.bytes());
}

TEST(ReadCapture, KeepsNamesAloneWhereValuesAreLeftOut) {
  ReadOptions options;
  options.keeps_values = false;
  const auto heap = read_bytes(stream_with_values().bytes(), options);
  ASSERT_TRUE(heap.has_value()) << heap.error().to_string();
  const HeapGraph& graph = heap->graph;
  EXPECT_EQ(graph.fact("values left out"), "yes");
  for (const graph::Root& root : graph.roots()) {
    const bool is_dict = graph.type_name(graph.type(root.node)) == "dict";
    if (root.kind != RootKind::kGlobal || !is_dict) continue;
    EXPECT_EQ(labels_of(graph, root.node),
              (Texts{"['customers']", "['__file__']", "[(str)]", "[(int)]"}));
    const NodeIndex file = graph.target(graph.edges_begin(root.node) + 1);
    EXPECT_EQ(graph.preview(file), "'/srv/shop.py'") << "whose code it is";
  }
  for (const char* value : {"alice", "77", "4111", "hunter2"}) {
    EXPECT_EQ(all_strings_of(graph).find(value), std::string::npos) << value;
  }
}

TEST(ReadCapture, KeepsValuesUnlessToldNotTo) {
  const auto heap = read_bytes(stream_with_values().bytes());
  ASSERT_TRUE(heap.has_value()) << heap.error().to_string();
  EXPECT_EQ(heap->graph.fact("values left out"), "");
  for (const char* value : {"alice", "77", "4111", "hunter2"}) {
    EXPECT_NE(all_strings_of(heap->graph).find(value), std::string::npos) << value;
  }
}

/// More than a megabyte of texts, which a thread reads.
StreamBuilder stream_of_texts(std::uint32_t count) {
  StreamBuilder stream;
  const auto str = stream.add_class("builtins", "str");
  for (std::uint32_t at = 0; at < count; ++at) {
    const auto node = stream.add({.type = str, .flags = 0});
    stream.str(node, "text " + std::to_string(at) + std::string(50, '.'));
  }
  return stream;
}

TEST(ReadCapture, ReadsTextsBesideTheRest) {
  constexpr std::uint32_t kCount = 50'000;
  StreamBuilder stream = stream_of_texts(kCount);
  stream.end();
  const auto heap = read_bytes(stream.bytes());
  ASSERT_TRUE(heap.has_value()) << heap.error().to_string();
  const HeapGraph& graph = heap->graph;
  const NodeIndex first = graph.node_count() - kCount;
  for (std::uint32_t at = 0; at < kCount; at += 77) {
    ASSERT_TRUE(graph.preview(first + at).starts_with("'text " + std::to_string(at) + '.')) << at;
  }
}

TEST(ReadCapture, SaysWhatIsWrongWithATextThatIsReadBesideTheRest) {
  StreamBuilder stream = stream_of_texts(50'000);
  stream.record(RecordKind::kTexts, "no entry");
  stream.end();
  const std::string error = error_of(stream.bytes());
  EXPECT_NE(error.find("expected a whole entry at its end"), std::string::npos) << error;
}

TEST(ReadCapture, RefusesTextsOfObjectsThatNeverCame) {
  StreamBuilder stream = stream_of_texts(3);
  stream.str(4711, "whose?");
  stream.end();
  const std::string error = error_of(stream.bytes());
  EXPECT_NE(error.find("found object 4711"), std::string::npos) << error;
}

TEST(ReadCapture, TakesMoreReferencesOfTheLastObject) {
  StreamBuilder stream;
  const auto type = stream.add_class("builtins", "list");
  const auto list = stream.add({.type = type});
  stream.edge(type, EdgeMeaning::kItem, LabelKind::kIndex, 0);
  StreamBuilder::Edges more;
  more.add(list, EdgeMeaning::kItem, LabelKind::kIndex, 1);
  stream.more_edges(list, more);
  stream.add({.type = type});
  stream.end();
  const auto heap = read_bytes(stream.bytes());
  ASSERT_TRUE(heap.has_value()) << heap.error().to_string();
  EXPECT_EQ(labels_of(heap->graph, list), (Texts{"[0]", "[1]"}));
}

/// Three objects of class 0, with one, two and no references.
std::array<stream::NodeRecord, 3> three_objects() {
  std::array<stream::NodeRecord, 3> objects{};
  for (std::uint16_t at = 0; at < 3; ++at) {
    objects[at].address = 0x20000 + 32u * at;
    objects[at].count = 10u + at;
    objects[at].size_bytes = 100u + at;
    objects[at].edge_count = static_cast<std::uint16_t>((at + 1) % 3);
  }
  return objects;
}

StreamBuilder::Edges three_edges() {
  StreamBuilder::Edges edges;
  for (const std::uint32_t target : {3u, 1u, 2u}) {
    edges.add(target, EdgeMeaning::kItem, LabelKind::kIndex, 10 * target);
  }
  return edges;
}

TEST(ReadCapture, TakesSeveralObjectsOfARecordWithAWideOneBetween) {
  StreamBuilder stream;
  stream.add_class("builtins", "list");
  auto objects = three_objects();
  objects[1].count = objects[1].size_bytes = stream::NodeRecord::kWide;
  stream.wide(2, stream::Wide::kCount, 5'000'000'000);
  stream.wide(2, stream::Wide::kSize, 6'000'000'000);
  stream.nodes(objects, three_edges());
  stream.end();
  const auto heap = read_bytes(stream.bytes());
  ASSERT_TRUE(heap.has_value()) << heap.error().to_string();
  const HeapGraph& graph = heap->graph;
  ASSERT_EQ(graph.node_count(), 4u);
  const std::array<std::uint64_t, 3> counts{10, 5'000'000'000, 12};
  const std::array<std::uint64_t, 3> sizes{100, 6'000'000'000, 102};
  for (NodeIndex at = 0; at < 3; ++at) {
    EXPECT_EQ(graph.reference_count(1 + at), counts[at]);
    EXPECT_EQ(graph.size_bytes(1 + at), sizes[at]);
    EXPECT_EQ(graph.address(1 + at), 0x20000u + 32 * at);
  }
  EXPECT_EQ(labels_of(graph, 1), (Texts{"[30]"}));
  EXPECT_EQ(labels_of(graph, 2), (Texts{"[10]", "[20]"}));
  EXPECT_EQ(labels_of(graph, 3), Texts{});
}

TEST(ReadCapture, NamesTheObjectOfARecordThatIsWrong) {
  const auto error_with = [](const auto& change) {
    StreamBuilder stream;
    stream.add_class("builtins", "list");
    auto objects = three_objects();
    change(objects);
    stream.nodes(objects, three_edges());
    stream.end();
    const std::string error = error_of(stream.bytes());
    return error.substr(error.rfind(": ") == std::string::npos ? 0
                                                               : error.find("record at offset"));
  };
  const auto ends_with = [](const std::string& error, std::string_view end) {
    EXPECT_TRUE(error.ends_with(end)) << error;
  };
  ends_with(error_with([](auto& objects) { objects[1].flags = 0x81; }),
            "object 2: expected flags below 128, found 129");
  ends_with(error_with([](auto& objects) { objects[2].edge_count = 1; }),
            "expected references of its objects 3, found 4");
  ends_with(error_with([](auto& objects) { objects[2].size_bytes = stream::NodeRecord::kWide; }),
            "object 3: expected a wide record before, found none");
}

TEST(ReadCapture, RefusesAnIntLongerThanAWalkerWrites) {
  StreamBuilder stream = stream_of_texts(3);
  stream.text(1, TextKind::kInt, std::string(1 + stream::kMostBytesOfInt + 1, '\1'));
  stream.end();
  const std::string error = error_of(stream.bytes());
  EXPECT_NE(error.find("found 66 bytes that are none"), std::string::npos) << error;
}

TEST(ReadCapture, GivesTheSentenceOfAFailure) {
  StreamBuilder stream;
  stream.failure("the lists of the collector do not close", stream::kNoNode, 11);
  EXPECT_EQ(error_of(stream.bytes()),
            "the walker in the target failed: the lists of the collector do not close (signal 11)");
}

TEST(ReadCapture, SaysWhichVersionItExpects) {
  std::string bytes = StreamBuilder().bytes();
  bytes[sizeof(stream::RecordHeader) + 8] = 9;
  EXPECT_EQ(error_of(bytes), "the walker's stream: expected version 2, found 9");
}

TEST(ReadCapture, NamesRecordOffsetExpectedAndFound) {
  StreamBuilder stream;
  stream.record(RecordKind::kThread, "12345678");
  EXPECT_EQ(error_of(stream.bytes()),
            "the walker's stream: thread record at offset 64: expected 24 bytes, found 8");
}

TEST(ReadCapture, RefusesObjectsThatNeverCame) {
  StreamBuilder stream;
  const auto type = stream.add_class("builtins", "list");
  stream.add({.type = type});
  stream.edge(7);
  stream.end();
  EXPECT_NE(error_of(stream.bytes()).find("expected one of 2 objects, found object 7"),
            std::string::npos)
      << error_of(stream.bytes());
}

TEST(ReadCapture, EveryTruncationIsAnError) {
  ServerStream server = test::server_stream();
  server.stream.end();
  const std::string& bytes = server.stream.bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto heap = read_bytes(std::string_view(bytes).substr(0, length));
    ASSERT_FALSE(heap.has_value()) << length;
    EXPECT_EQ(heap.error().code, ErrorCode::kInputOutput) << heap.error().to_string();
  }
}

TEST(ReadCapture, EveryChangedByteIsAnErrorOrAGraph) {
  ServerStream server = test::server_stream();
  server.stream.end();
  std::string bytes = server.stream.bytes();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char original = bytes[at];
    for (const int change : {0x01, 0x80, 0xFF}) {
      bytes[at] = static_cast<char>(original ^ change);
      if (const auto heap = read_bytes(bytes)) test::everything_of(heap->graph);
    }
    bytes[at] = original;
  }
}

/// Records of sensible kinds and lengths with numbers that lie.
std::string lying_stream(test::Random& random) {
  StreamBuilder stream;
  const std::size_t records = random.below(12);
  for (std::size_t at = 0; at < records; ++at) {
    std::string payload;
    const std::size_t words = random.below(24);
    for (std::size_t word = 0; word < words; ++word) {
      constexpr std::array<std::uint32_t, 8> kLikely{0, 1, 2, 3, 7, 0xFFFF, 0xFFFFFFFE, 0xFFFFFFFF};
      payload +=
          StreamBuilder::bytes_of(random.once_in(4) ? static_cast<std::uint32_t>(random.next())
                                                    : kLikely[random.below(kLikely.size())]);
    }
    stream.record(static_cast<RecordKind>(2 + random.below(10)), payload);
    if (random.once_in(2)) stream.add({.type = 0});
    if (random.once_in(3)) stream.edge(static_cast<std::uint32_t>(random.below(3)));
  }
  stream.end();
  return stream.bytes();
}

TEST(ReadCapture, StreamsThatLieDoNoHarm) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    test::Random random(seed);
    SCOPED_TRACE(seed);
    if (const auto heap = read_bytes(lying_stream(random))) test::everything_of(heap->graph);
  }
}

TEST(ReadCapture, ReadsAPipeWhileItIsWritten) {
  ServerStream server = test::server_stream();
  server.stream.end();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  std::thread writer([&] {
    for (const char byte : server.stream.bytes()) {
      if (::write(ends[1], &byte, 1) != 1) return;
    }
  });
  // The pipe's other end stays open, as that of a fork of the target would.
  const auto heap = read_capture(ends[0]);
  writer.join();
  EXPECT_TRUE(heap.has_value());
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(ReadCapture, StopsWhenItIsCancelled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const std::atomic<bool> is_cancelled{true};
  ReadOptions options;
  options.is_cancelled = &is_cancelled;
  const auto heap = read_capture(ends[0], options);
  ASSERT_FALSE(heap.has_value());
  EXPECT_NE(heap.error().message.find("cancelled"), std::string::npos);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(ReadCapture, StopsWhenTheWalkerIsGone) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const std::string bytes = StreamBuilder().bytes();
  ASSERT_EQ(::write(ends[1], bytes.data(), bytes.size()), std::ssize(bytes));
  ReadOptions options;
  options.is_walker_alive = [] { return false; };
  const auto heap = read_capture(ends[0], options);
  ASSERT_FALSE(heap.has_value());
  EXPECT_NE(heap.error().message.find("gone"), std::string::npos) << heap.error().message;
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace ouro::python::heap
