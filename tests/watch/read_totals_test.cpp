#include "python/heap/read_totals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace ouro::python::heap {
namespace {

using stream::RecordKind;

/// A stream, record by record.
class Stream {
 public:
  Stream& add(RecordKind kind, const std::string& payload) {
    const stream::RecordHeader header{static_cast<std::uint32_t>(kind),
                                      static_cast<std::uint32_t>(payload.size())};
    bytes += std::string(reinterpret_cast<const char*>(&header), sizeof(header)) + payload;
    bytes.resize((bytes.size() + 7) / 8 * 8);
    return *this;
  }
  std::string bytes;
};

template <class Structure>
std::string raw(const Structure& structure) {
  return {reinterpret_cast<const char*>(&structure), sizeof(structure)};
}

std::string hello() {
  stream::Hello hello{};
  std::memcpy(hello.magic, stream::kMagic, sizeof(hello.magic));
  hello.version = stream::kVersion;
  return raw(hello) + "3.12.1 (main)";
}

std::string type(std::uint32_t node, const std::string& name, const std::string& module) {
  return raw(stream::Type{.node = node,
                          .name_bytes = static_cast<std::uint32_t>(name.size()),
                          .module_bytes = static_cast<std::uint32_t>(module.size()),
                          .reserved = 0}) +
         name + module;
}

std::string totals(std::vector<stream::TypeTotal> all) {
  std::string text = raw(stream::Totals{.cpu_ns = 77, .reserved = 0});
  for (const stream::TypeTotal& one : all) text += raw(one);
  return text;
}

std::string end(std::uint64_t objects) {
  stream::End end{};
  end.node_count = objects;
  return raw(end);
}

Stream whole_stream() {
  Stream stream;
  stream.add(RecordKind::kHello, hello())
      .add(RecordKind::kType, type(3, "Node", "app"))
      .add(RecordKind::kType, type(4, "dict", "builtins"))
      .add(RecordKind::kType, type(9, "Node", "app"))
      .add(RecordKind::kTotals, totals({{3, 0, 10, 480}, {4, 0, 2, 128}}))
      .add(RecordKind::kTotals, totals({{9, 0, 1, 48}}))
      .add(RecordKind::kEnd, end(13));
  return stream;
}

Result<ReadTotals> read(const std::string& bytes) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  EXPECT_EQ(write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  close(ends[1]);
  auto result = read_totals(ends[0], {});
  close(ends[0]);
  return result;
}

TEST(ReadTotals, JoinsClassesOfTheSameName) {
  const auto read_ = read(whole_stream().bytes);
  ASSERT_TRUE(read_) << read_.error().to_string();
  ASSERT_EQ(read_->types.size(), 2u);
  EXPECT_EQ(read_->types[0].type, "app.Node");
  EXPECT_EQ(read_->types[0].objects, 11u);
  EXPECT_EQ(read_->types[0].bytes, 528u);
  EXPECT_EQ(read_->types[1].type, "dict");
  EXPECT_EQ(read_->objects, 13u);
  EXPECT_EQ(read_->bytes, 656u);
  EXPECT_EQ(read_->cpu_ns, 77u);
}

TEST(ReadTotals, RefusesAnyBeginningOfAStream) {
  const std::string bytes = whole_stream().bytes;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(read(bytes.substr(0, length))) << length;
  }
}

TEST(ReadTotals, SaysWhatIsWrong) {
  const auto error_of = [](Stream stream) { return read(stream.bytes).error().to_string(); };
  const auto contains = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  Stream unnamed;
  unnamed.add(RecordKind::kHello, hello()).add(RecordKind::kTotals, totals({{3, 0, 1, 1}}));
  EXPECT_TRUE(contains(error_of(unnamed), "expected a class of which the name has come"));
  Stream torn;
  torn.add(RecordKind::kHello, hello()).add(RecordKind::kTotals, totals({}) + "abc");
  EXPECT_TRUE(contains(error_of(torn), "expected whole totals"));
  Stream short_of;
  short_of.add(RecordKind::kHello, hello()).add(RecordKind::kEnd, end(1));
  EXPECT_TRUE(contains(error_of(short_of), "expected 0 objects, found 1"));
  Stream heap;
  heap.add(RecordKind::kHello, hello()).add(RecordKind::kNodes, std::string(16, '\0'));
  EXPECT_TRUE(contains(error_of(heap), "expected totals, found what is said of objects"));
  Stream failure;
  failure.add(RecordKind::kFailure, raw(stream::Failure{stream::kNoNode, 11}) + "it crashed");
  EXPECT_TRUE(contains(error_of(failure), "it crashed (signal 11)"));
}

TEST(ReadTotals, SurvivesAnyByte) {
  const std::string bytes = whole_stream().bytes;
  std::mt19937 generator(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = bytes;
    damaged[generator() % damaged.size()] = static_cast<char>(generator());
    (void)read(damaged);
  }
}

}  // namespace
}  // namespace ouro::python::heap
