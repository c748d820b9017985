#include "python/walker/stream_writer.hpp"

#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/unistd.h>

#include "python/agent/system_calls.hpp"

namespace ouro::python::walker {

namespace {

std::uint32_t padded(std::uint32_t bytes, std::uint32_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

void copy(char* to, const void* from, std::uint64_t bytes) {
  if (bytes != 0) __builtin_memcpy(to, from, bytes);
}

}  // namespace

bool StreamWriter::open() {
  nodes_ = static_cast<stream::NodeRecord*>(map_pages(kNodesOfBlock * sizeof *nodes_));
  side_ = static_cast<char*>(map_pages(kSideBytes));
  texts_ = static_cast<char*>(map_pages(kTextBytes));
  names_ = static_cast<NameSlot*>(map_pages(kNameSlots * sizeof *names_));
  return nodes_ != nullptr && side_ != nullptr && texts_ != nullptr && names_ != nullptr &&
         reserve_edges(2 * kEdgesOfBlock);
}

StreamWriter::~StreamWriter() {
  unmap_pages(nodes_, kNodesOfBlock * sizeof *nodes_);
  unmap_pages(side_, kSideBytes);
  unmap_pages(texts_, kTextBytes);
  unmap_pages(names_, kNameSlots * sizeof *names_);
}

bool StreamWriter::grow_edges() {
  if (reserve_edges(edge_count_ + 1)) return true;
  failed_ = true;
  return false;
}

void StreamWriter::end_node() {
  if (spilled_) {
    write_edges_records(next_node_, 0);
    edge_count_ = 0;
    spilled_ = false;
  } else {
    // If they are too many for it, this is the last object of its block: flush_nodes() knows.
    nodes_[node_count_++].edge_count = static_cast<std::uint16_t>(edge_count_ - first_edge_);
  }
  ++next_node_;
  if (node_count_ == kNodesOfBlock || edge_count_ >= kEdgesOfBlock) flush_nodes();
}

void StreamWriter::spill() {
  if (spilled_) {
    write_edges_records(next_node_, 0);
    edge_count_ = 0;
  } else {
    ++node_count_;
    ++next_node_;
    flush_nodes();
    --next_node_;
    spilled_ = true;
  }
  first_edge_ = 0;
}

void StreamWriter::flush_nodes() {
  flush_side();
  flush_texts();
  if (node_count_ == 0) return;
  // Only the last node's edges can be too many for one record: the others fit in a block.
  const std::uint64_t in_record =
      edge_count_ < kMostEdgesOfRecord ? edge_count_ : kMostEdgesOfRecord;
  nodes_[node_count_ - 1].edge_count = static_cast<std::uint16_t>(in_record - first_edge_);
  const stream::Nodes nodes{.first_node = next_node_ - node_count_,
                            .node_count = node_count_,
                            .edge_count = static_cast<std::uint32_t>(in_record),
                            .reserved = 0};
  const std::uint64_t bytes = sizeof nodes + node_count_ * sizeof(stream::NodeRecord) +
                              in_record * stream::EdgeColumns::kBytesAnEdge;
  write_header(stream::RecordKind::kNodes, bytes);
  write_bytes(&nodes, sizeof nodes);
  write_bytes(nodes_, node_count_ * sizeof(stream::NodeRecord));
  write_edge_columns(0, in_record);
  write_padding(bytes);
  write_edges_records(next_node_ - 1, in_record);
  if (edge_count_ > 16 * std::uint64_t{kEdgesOfBlock}) {
    targets_.release_beyond(2 * kEdgesOfBlock);
    labels_.release_beyond(2 * kEdgesOfBlock);
    kinds_.release_beyond(2 * kEdgesOfBlock);
  }
  node_count_ = 0;
  edge_count_ = 0;
  first_edge_ = 0;
}

void StreamWriter::write_edge_columns(std::uint64_t first, std::uint64_t count) {
  write_bytes(targets_.data() + first, count * sizeof(std::uint32_t));
  write_bytes(labels_.data() + first, count * sizeof(std::uint32_t));
  write_bytes(kinds_.data() + first, count);
  edges_written_ += count;
}

/// All edges from the first on, as more of that node's.
void StreamWriter::write_edges_records(std::uint32_t node, std::uint64_t first) {
  while (first < edge_count_) {
    const std::uint64_t left = edge_count_ - first;
    const std::uint64_t now = left < kMostEdgesOfRecord ? left : kMostEdgesOfRecord;
    const stream::Edges head{.node = node, .edge_count = static_cast<std::uint32_t>(now)};
    const std::uint64_t bytes = sizeof head + now * stream::EdgeColumns::kBytesAnEdge;
    flush_side();  // its names come before
    write_header(stream::RecordKind::kEdges, bytes);
    write_bytes(&head, sizeof head);
    write_edge_columns(first, now);
    write_padding(bytes);
    first += now;
  }
}

std::uint32_t StreamWriter::name_number(const char* name) {
  const auto address = reinterpret_cast<std::uint64_t>(name);
  std::uint64_t at = address * 0x9E3779B97F4A7C15u >> 50;  // the highest 14 bits
  for (;; ++at) {
    NameSlot& slot = names_[at % kNameSlots];
    if (slot.name == name) return slot.number;
    if (slot.name != nullptr) continue;
    // A quarter stays empty, so that the search ends; the last name stands for all beyond.
    if (name_count_ >= kNameSlots / 4 * 3) return name_count_ - 1;
    std::uint32_t length = 0;
    while (length < kMostTextBytes && name[length] != 0) ++length;
    slot = {.name = name, .number = name_count_};
    const stream::Name record{.number = name_count_++};
    add_record(stream::RecordKind::kName, &record, sizeof record, name, length);
    return slot.number;
  }
}

void StreamWriter::add_wide(std::uint32_t node, std::uint32_t what, std::uint64_t value) {
  const stream::Wide record{.node = node, .what = what, .value = value};
  add_record(stream::RecordKind::kWide, &record, sizeof record);
}

void StreamWriter::add_record(stream::RecordKind kind, const void* structure,
                              std::uint32_t structure_bytes, const char* text,
                              std::uint32_t text_bytes, const char* more,
                              std::uint32_t more_bytes) {
  if (text_bytes > kMostTextBytes) text_bytes = kMostTextBytes;
  if (more_bytes > kMostTextBytes) more_bytes = kMostTextBytes;
  const std::uint32_t bytes = structure_bytes + text_bytes + more_bytes;
  const std::uint32_t whole = padded(bytes, 8);
  if (side_bytes_ + sizeof(stream::RecordHeader) + whole > kSideBytes) flush_side();
  char* at = side_ + side_bytes_;
  const stream::RecordHeader header{.kind = static_cast<std::uint32_t>(kind), .bytes = bytes};
  copy(at, &header, sizeof header);
  at += sizeof header;
  copy(at, structure, structure_bytes);
  copy(at + structure_bytes, text, text_bytes);
  copy(at + structure_bytes + text_bytes, more, more_bytes);
  for (std::uint32_t padding = bytes; padding < whole; ++padding) at[padding] = 0;
  side_bytes_ += static_cast<std::uint32_t>(sizeof header) + whole;
}

void StreamWriter::add_block(stream::RecordKind kind, const void* structure,
                             std::uint32_t structure_bytes, const void* block,
                             std::uint32_t block_bytes) {
  flush_side();
  write_header(kind, structure_bytes + block_bytes);
  write_bytes(structure, structure_bytes);
  write_bytes(block, block_bytes);
  write_padding(structure_bytes + block_bytes);
}

char* StreamWriter::begin_text(std::uint32_t most) {
  if (text_bytes_ + sizeof(stream::TextEntry) + most + 4 > kTextBytes) flush_texts();
  return texts_ + text_bytes_ + sizeof(stream::TextEntry);
}

void StreamWriter::finish_text(std::uint32_t node, stream::TextKind what, std::uint32_t bytes,
                               std::uint64_t length, bool is_cut) {
  const stream::TextEntry entry{
      .node = node,
      .what = static_cast<std::uint8_t>(what),
      .flags = is_cut ? stream::TextEntry::kCut : std::uint8_t{0},
      .bytes = static_cast<std::uint16_t>(bytes),
      .length = length < 0xFFFFFFFF ? static_cast<std::uint32_t>(length) : 0xFFFFFFFF};
  char* at = texts_ + text_bytes_;
  copy(at, &entry, sizeof entry);
  const std::uint32_t whole = padded(bytes, 4);
  for (std::uint32_t padding = bytes; padding < whole; ++padding) at[sizeof entry + padding] = 0;
  text_bytes_ += static_cast<std::uint32_t>(sizeof entry) + whole;
}

void StreamWriter::flush_side() {
  write_bytes(side_, side_bytes_);
  side_bytes_ = 0;
}

void StreamWriter::flush_texts() {
  if (text_bytes_ == 0) return;
  flush_side();  // the hello is the first of all
  write_header(stream::RecordKind::kTexts, text_bytes_);
  write_bytes(texts_, text_bytes_);
  write_padding(text_bytes_);
  text_bytes_ = 0;
}

void StreamWriter::flush() {
  flush_nodes();
}

void StreamWriter::write_header(stream::RecordKind kind, std::uint64_t bytes) {
  const stream::RecordHeader header{.kind = static_cast<std::uint32_t>(kind),
                                    .bytes = static_cast<std::uint32_t>(bytes)};
  write_bytes(&header, sizeof header);
}

void StreamWriter::write_padding(std::uint64_t bytes) {
  static constexpr char kZeros[8] = {};
  write_bytes(kZeros, (8 - bytes % 8) % 8);
}

void StreamWriter::write_bytes(const void* bytes, std::uint64_t count) {
  const char* at = static_cast<const char*>(bytes);
  while (count > 0 && !failed_) {
    const long written =
        agent::system_call(__NR_write, fd_, reinterpret_cast<long>(at), static_cast<long>(count));
    if (written > 0) {
      at += written;
      count -= static_cast<std::uint64_t>(written);
    } else if (written == -EAGAIN) {
      struct {
        int fd;
        short events;
        short happened;
      } wait{.fd = fd_, .events = POLLOUT, .happened = 0};
      agent::system_call(__NR_poll, reinterpret_cast<long>(&wait), 1, -1);
    } else if (written != -EINTR) {
      failed_ = true;
    }
  }
}

}  // namespace ouro::python::walker
