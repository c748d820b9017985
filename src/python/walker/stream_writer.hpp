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

static_assert(graph::kMeaningCount <= 1u << stream::EdgeColumns::kLabelShift,
              "a kind's byte has room for what its label is");

/// References of one object that are not written yet, as stream::EdgeColumns. Valid until the next
/// is added.
struct PendingEdges {
  static constexpr std::uint8_t kind_byte(graph::EdgeKind kind, stream::LabelKind label_kind) {
    return static_cast<std::uint8_t>(kind.byte() | static_cast<unsigned>(label_kind)
                                                       << stream::EdgeColumns::kLabelShift);
  }
  void relabel(std::uint64_t at, graph::EdgeKind kind, stream::LabelKind label_kind,
               std::uint32_t label) const {
    kinds[at] = kind_byte(kind, label_kind);
    labels[at] = label;
  }

  const std::uint32_t* targets;
  std::uint32_t* labels;
  std::uint8_t* kinds;
  std::uint64_t count;
};

class StreamWriter {
 public:
  /// What all buffers take, but for edges of an object that has more of them than a block.
  static constexpr std::uint64_t buffer_bytes() {
    return kNodesOfBlock * sizeof(stream::NodeRecord) + kSideBytes + kTextBytes +
           kNameSlots * sizeof(NameSlot) +
           2 * std::uint64_t{kEdgesOfBlock} * stream::EdgeColumns::kBytesAnEdge;
  }
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
    if (edge_count_ == targets_.capacity() && !grow_edges()) return;
    targets_[edge_count_] = target;
    labels_[edge_count_] = label;
    kinds_[edge_count_] = PendingEdges::kind_byte(kind, label_kind);
    ++edge_count_;
  }
  /// Edges of this node since begin_node or the last spill.
  PendingEdges pending_edges() {
    return {targets_.data() + first_edge_, labels_.data() + first_edge_,
            kinds_.data() + first_edge_, edge_count_ - first_edge_};
  }
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
  static constexpr std::uint32_t kMostEdgesOfRecord = 65535;
  static constexpr std::uint32_t kSideBytes = 1u << 17;
  static constexpr std::uint32_t kTextBytes = 1u << 17;
  static constexpr std::uint32_t kNameSlots = 1u << 14;

  struct NameSlot {
    const char* name;
    std::uint32_t number;
  };

  bool grow_edges();
  // targets_ at last: if that grows, the others have.
  bool reserve_edges(std::uint64_t count) {
    return kinds_.reserve(count) && labels_.reserve(count) && targets_.reserve(count);
  }
  void spill();
  void flush_side();
  void flush_texts();
  void flush_nodes();
  void write_edge_columns(std::uint64_t first, std::uint64_t count);
  void write_edges_records(std::uint32_t node, std::uint64_t first);
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
  // By edge; none has less room than targets_, whose first room is the smallest number of elements.
  GrowingArray<std::uint32_t> targets_;
  GrowingArray<std::uint32_t> labels_;
  GrowingArray<std::uint8_t> kinds_;
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
