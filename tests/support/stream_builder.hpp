// Streams as the walker writes them, made by hand: src/python/stream/records.hpp.
//
//   StreamBuilder stream;
//   const auto type = stream.add_class("builtins", "list");
//   const auto a = stream.add({.type = type, .count = 2});
//   stream.edge(a, a, EdgeMeaning::kItem, LabelKind::kIndex, 0);
//   stream.str(name, "conn");
//   stream.end();            // or else what comes is a stream that ended too early
//
// Objects are written one a record when the next thing is said; edges belong to the object added
// last.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/edge_kind.hpp"
#include "graph/node_flags.hpp"
#include "graph/root.hpp"
#include "python/stream/records.hpp"

namespace ouro::test {

namespace stream = python::stream;

class StreamBuilder {
 public:
  struct Object {
    std::uint32_t type = 0;
    std::uint64_t count = 1;
    std::uint64_t size_bytes = 16;
    std::uint8_t flags = graph::NodeFlags::kTracked;
    std::uint8_t more = 0;
    std::uint64_t address = 0;  ///< 0: one of its own
  };

  /// References as stream::EdgeColumns.
  class Edges {
   public:
    void add(std::uint32_t target, graph::EdgeKind kind, stream::LabelKind label_kind,
             std::uint32_t label) {
      targets_ += bytes_of(target);
      labels_ += bytes_of(label);
      kinds_ += static_cast<char>(kind.byte() | static_cast<unsigned>(label_kind)
                                                    << stream::EdgeColumns::kLabelShift);
    }
    std::uint32_t count() const { return static_cast<std::uint32_t>(kinds_.size()); }
    std::string columns() const { return targets_ + labels_ + kinds_; }

   private:
    std::string targets_;
    std::string labels_;
    std::string kinds_;
  };

  explicit StreamBuilder(std::uint32_t flags = 0, std::string_view version = "3.13.0 (test)") {
    stream::Hello hello{};
    std::memcpy(hello.magic, stream::kMagic, sizeof(hello.magic));
    hello.version = stream::kVersion;
    hello.python_minor = 13;
    hello.flags = flags;
    hello.process = 42;
    hello.clone_took_ns = 1'500'000;
    record(stream::RecordKind::kHello, bytes_of(hello) + std::string(version));
  }

  /// The number of the object.
  std::uint32_t add(const Object& object) {
    flush();
    const std::uint32_t number = node_count_++;
    constexpr std::uint32_t kWide = stream::NodeRecord::kWide;
    if (object.count >= kWide) wide(number, stream::Wide::kCount, object.count);
    if (object.size_bytes >= kWide) wide(number, stream::Wide::kSize, object.size_bytes);
    pending_ = {};
    pending_.address = object.address != 0 ? object.address : 0x10000 + 32ull * number;
    pending_.type = object.type;
    pending_.count = static_cast<std::uint32_t>(object.count < kWide ? object.count : kWide);
    pending_.size_bytes =
        static_cast<std::uint32_t>(object.size_bytes < kWide ? object.size_bytes : kWide);
    pending_.flags = object.flags;
    pending_.more = object.more;
    has_pending_ = true;
    return number;
  }
  /// A class, of itself where no type is said.
  std::uint32_t add_class(std::string_view module, std::string_view name) {
    const std::uint32_t number =
        add({.type = node_count_, .flags = graph::NodeFlags::kTracked | graph::NodeFlags::kIsType});
    flush();
    stream::Type type{};
    type.node = number;
    type.name_bytes = static_cast<std::uint32_t>(name.size());
    type.module_bytes = static_cast<std::uint32_t>(module.size());
    record(stream::RecordKind::kType, bytes_of(type) + std::string(name) + std::string(module));
    return number;
  }

  /// Of the object added last.
  void edge(std::uint32_t target, graph::EdgeKind kind = {},
            stream::LabelKind label_kind = stream::LabelKind::kNone, std::uint32_t label = 0) {
    edges_.add(target, kind, label_kind, label);
  }
  /// The number of a Name record.
  std::uint32_t name(std::string_view text) {
    flush();
    record(stream::RecordKind::kName, bytes_of(stream::Name{name_count_}) + std::string(text));
    return name_count_++;
  }
  void text(std::uint32_t node, stream::TextKind kind, std::string_view bytes,
            std::uint32_t length = 0, std::uint8_t flags = 0) {
    flush();
    stream::TextEntry entry{};
    entry.node = node;
    entry.what = static_cast<std::uint8_t>(kind);
    entry.flags = flags;
    entry.bytes = static_cast<std::uint16_t>(bytes.size());
    entry.length = length != 0 ? length : static_cast<std::uint32_t>(bytes.size());
    std::string payload = bytes_of(entry) + std::string(bytes);
    payload.resize((payload.size() + 3) / 4 * 4);
    record(stream::RecordKind::kTexts, payload);
  }
  void str(std::uint32_t node, std::string_view text_of) {
    text(node, stream::TextKind::kStr, text_of);
  }
  void integer(std::uint32_t node, std::uint64_t value) {
    std::string bytes(1, '\0');
    for (; value != 0; value >>= 8) bytes += static_cast<char>(value & 0xFF);
    text(node, stream::TextKind::kInt, bytes);
  }
  void thread(std::uint32_t number, std::uint64_t ident) {
    flush();
    stream::Thread thread{};
    thread.number = number;
    thread.ident = ident;
    record(stream::RecordKind::kThread, bytes_of(thread));
  }
  void frame(std::uint32_t thread, std::uint32_t depth, std::uint32_t code, std::uint32_t line) {
    flush();
    record(stream::RecordKind::kFrame, bytes_of(stream::Frame{thread, depth, code, line}));
  }
  void root(std::uint32_t node, graph::RootKind kind, stream::RootWhat what,
            std::string_view text_of = {}, std::uint32_t references = 1,
            std::uint32_t thread = stream::kNoNode, std::uint32_t depth = stream::kNoNode,
            std::uint32_t name_node = stream::kNoNode) {
    flush();
    stream::Root root{};
    root.node = node;
    root.kind = static_cast<std::uint16_t>(kind);
    root.what = static_cast<std::uint16_t>(what);
    root.references = references;
    root.thread = thread;
    root.depth = depth;
    root.name = name_node;
    record(stream::RecordKind::kRoot, bytes_of(root) + std::string(text_of));
  }
  void wide(std::uint32_t node, std::uint32_t what, std::uint64_t value) {
    record(stream::RecordKind::kWide, bytes_of(stream::Wide{node, what, value}));
  }
  /// Several objects in one record, with the references of all of them.
  void nodes(std::span<const stream::NodeRecord> objects, const Edges& edges) {
    flush();
    const auto count = static_cast<std::uint32_t>(objects.size());
    std::string payload = bytes_of(stream::Nodes{node_count_, count, edges.count(), 0});
    for (const stream::NodeRecord& object : objects) payload += bytes_of(object);
    record(stream::RecordKind::kNodes, payload + edges.columns());
    node_count_ += count;
    all_edges_ += edges.count();
  }
  void more_edges(std::uint32_t node, const Edges& edges) {
    flush();
    all_edges_ += edges.count();
    record(stream::RecordKind::kEdges,
           bytes_of(stream::Edges{node, edges.count()}) + edges.columns());
  }
  void failure(std::string_view sentence, std::uint32_t node = stream::kNoNode,
               std::uint32_t signal = 0) {
    flush();
    record(stream::RecordKind::kFailure,
           bytes_of(stream::Failure{node, signal}) + std::string(sentence));
  }
  void end() {
    flush();
    stream::End end{};
    end.node_count = node_count_;
    end.edge_count = all_edges_;
    end.interpreter_count = 1;
    record(stream::RecordKind::kEnd, bytes_of(end));
  }
  /// A record of any kind, as it is.
  void record(stream::RecordKind kind, std::string_view payload) {
    const stream::RecordHeader header{static_cast<std::uint32_t>(kind),
                                      static_cast<std::uint32_t>(payload.size())};
    bytes_ += bytes_of(header);
    bytes_ += payload;
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
  }

  const std::string& bytes() const { return bytes_; }
  std::uint32_t node_count() const { return node_count_; }

  template <class Structure>
  static std::string bytes_of(const Structure& structure) {
    return {reinterpret_cast<const char*>(&structure), sizeof(structure)};
  }

 private:
  void flush() {
    if (!has_pending_) return;
    has_pending_ = false;
    pending_.edge_count = static_cast<std::uint16_t>(edges_.count());
    const stream::Nodes nodes{node_count_ - 1, 1, edges_.count(), 0};
    record(stream::RecordKind::kNodes, bytes_of(nodes) + bytes_of(pending_) + edges_.columns());
    all_edges_ += edges_.count();
    edges_ = {};
  }

  std::string bytes_;
  stream::NodeRecord pending_{};
  bool has_pending_ = false;
  Edges edges_;  ///< of the pending object
  std::uint32_t all_edges_ = 0;
  std::uint32_t node_count_ = 0;
  std::uint32_t name_count_ = 0;
};

}  // namespace ouro::test
