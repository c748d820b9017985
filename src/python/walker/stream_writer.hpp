// Writes the stream of stream/records.hpp: buffers a block of nodes and their edges, texts, and
// small records, and writes each when it is full, with plain write(2).
//
// Legal order, a node:  begin_node, (add_edge | spill)*, end_node.
// Everything else at any time; flush() at last.
#pragma once

#include <cstddef>
#include <cstdint>

#include "graph/edge_kind.hpp"
#include "python/stream/records.hpp"
#include "python/walker/memory.hpp"

namespace ouro::python::walker {

class StreamWriter {
 public:
  /// What all buffers take.
  static constexpr std::uint64_t kBufferBytes = 2u << 20;
  /// Most bytes of one text.
  static constexpr std::uint32_t kMostTextBytes = 4096;

  explicit StreamWriter(int fd) : fd_(fd) {}
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;
  ~StreamWriter();

  /// False where there is no memory.
  bool open();
  /// Before the first node: neither nodes nor edges are kept or written.
  void leave_out_nodes() { leaves_nodes_out_ = true; }

  // ---- nodes, in order of their numbers

  /// `node` without edge_count.
  void begin_node(const stream::NodeRecord& node) {
    nodes_[node_count_] = node;
    first_edge_ = edge_count_;
  }
  void add_edge(std::uint32_t target, graph::EdgeKind kind, stream::LabelKind label_kind,
                std::uint32_t label) {
    if (leaves_nodes_out_) return;
    if (edge_count_ == edges_.capacity() && !grow_edges()) return;
    edges_[edge_count_++] = {.target = target,
                             .label = label,
                             .kind = kind.byte(),
                             .label_kind = static_cast<std::uint8_t>(label_kind),
                             .reserved = 0};
  }
  /// Edges of this node since begin_node or the last spill.
  stream::EdgeRecord* edges_begin() { return edges_.data() + first_edge_; }
  stream::EdgeRecord* edges_end() { return edges_.data() + edge_count_; }
  /// Writes the edges there are if they are many, so that a list of 100 million takes no more
  /// memory than one of 100: none of them can be labelled any more.
  void spill_if_many() {
    if (edge_count_ - first_edge_ >= kEdgesOfBlock) spill();
  }
  void end_node();

  // ---- the rest

  /// The number of a name: of the same pointer always the same. The text must stay where it is.
  std::uint32_t name_number(const char* name);
  /// A number too large for a NodeRecord that was not begun yet.
  void add_wide(std::uint32_t node, std::uint32_t what, std::uint64_t value);
  /// Room for `most` bytes of a text; finish_text says how many they became.
  char* begin_text(std::uint32_t most);
  void finish_text(std::uint32_t node, stream::TextKind what, std::uint32_t bytes,
                   std::uint64_t length, bool is_cut);
  /// A record of a structure and up to two texts behind it.
  void add_record(stream::RecordKind kind, const void* structure, std::uint32_t structure_bytes,
                  const char* text = nullptr, std::uint32_t text_bytes = 0,
                  const char* more = nullptr, std::uint32_t more_bytes = 0);
  /// A record too long for the buffer of small ones: a structure and what stands behind it.
  void add_block(stream::RecordKind kind, const void* structure, std::uint32_t structure_bytes,
                 const void* block, std::uint32_t block_bytes);
  void flush();

  /// Whether the other end is gone, or memory.
  bool failed() const { return failed_; }
  std::uint64_t edges_written() const { return edges_written_; }
  std::uint32_t names_written() const { return name_count_; }
  int fd() const { return fd_; }

 private:
  static constexpr std::uint32_t kNodesOfBlock = 4096;
  static constexpr std::uint32_t kEdgesOfBlock = 32768;
  static constexpr std::uint32_t kMostEdgesOfRecord = 65536;
  static constexpr std::uint32_t kSideBytes = 1u << 17;
  static constexpr std::uint32_t kTextBytes = 1u << 17;
  static constexpr std::uint32_t kNameSlots = 1u << 14;

  struct NameSlot {
    const char* name;
    std::uint32_t number;
  };

  bool grow_edges();
  void spill();
  void flush_side();
  void flush_texts();
  void flush_nodes();
  void write_edges_records(std::uint32_t node, const stream::EdgeRecord* edges,
                           std::uint64_t count);
  void write_header(stream::RecordKind kind, std::uint64_t bytes);
  void write_padding(std::uint64_t bytes);
  void write_bytes(const void* bytes, std::uint64_t count);

  int fd_;
  bool failed_ = false;
  bool leaves_nodes_out_ = false;
  std::uint32_t next_node_ = 0;  ///< number of the node being written or to come
  bool spilled_ = false;         ///< whether that node's record is out already
  stream::NodeRecord* nodes_ = nullptr;
  std::uint32_t node_count_ = 0;  ///< finished ones in nodes_
  GrowingArray<stream::EdgeRecord> edges_;
  std::uint64_t edge_count_ = 0;
  std::uint64_t first_edge_ = 0;
  std::uint64_t edges_written_ = 0;
  char* side_ = nullptr;
  std::uint32_t side_bytes_ = 0;
  char* texts_ = nullptr;
  std::uint32_t text_bytes_ = 0;
  NameSlot* names_ = nullptr;
  std::uint32_t name_count_ = 0;
};

}  // namespace ouro::python::walker
