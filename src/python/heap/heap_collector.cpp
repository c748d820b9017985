#include "python/heap/heap_collector.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "graph/node_flags.hpp"
#include "graph/root.hpp"
#include "python/stream/payload.hpp"

namespace ouro::python::heap {

using graph::NodeIndex;
using stream::EdgeColumns;
using stream::kNoNode;
using stream::NodeRecord;
using stream::Payload;
using stream::Record;
using stream::RecordKind;

namespace {

Error wrong_length(const Record& record, std::uint64_t expected) {
  return record.corrupt("expected " + std::to_string(expected) + " bytes, found " +
                        std::to_string(record.payload.size()));
}

std::string expected_found(std::string_view what, std::uint64_t expected, std::uint64_t found) {
  return "expected " + std::string(what) + ' ' + std::to_string(expected) + ", found " +
         std::to_string(found);
}

template <class Structure>
Structure load(const std::byte* bytes) {
  Structure structure;
  std::memcpy(&structure, bytes, sizeof(structure));
  return structure;
}

/// A column of a record, behind those of the array; `at` is then behind it.
template <class Element>
const Element* take_column(GrowingArray<Element>& array, const std::byte*& at, std::size_t count) {
  Element* const column = array.extend(count);
  if (count != 0) std::memcpy(column, at, count * sizeof(Element));
  at += count * sizeof(Element);
  return column;
}

}  // namespace

HeapCollector::HeapCollector(bool keeps_values) : texts_(keeps_values) {
  heap_.edge_begins.push_back(0);
}

std::optional<Error> HeapCollector::take(const Record& record) {
  switch (record.kind) {
    case RecordKind::kNodes:
      return take_nodes(record);
    case RecordKind::kEdges:
      return take_more_edges(record);
    case RecordKind::kTexts:
      return texts_.take(record);
    case RecordKind::kWide:
      return take_wide(record);
    case RecordKind::kHello:
      return take_hello(record);
    case RecordKind::kType:
      return take_type(record);
    case RecordKind::kName:
      return take_name(record);
    case RecordKind::kThread:
      return take_thread(record);
    case RecordKind::kFrame:
      return take_frame(record);
    case RecordKind::kRoot:
      return take_root(record);
    case RecordKind::kEnd:
      return take_end(record);
    case RecordKind::kFailure:
      return record.corrupt("a failure is no part of a heap");
    case RecordKind::kTotals:
      break;
  }
  return record.corrupt("expected objects, found totals of them");
}

void HeapCollector::name_node(NodeIndex node, std::uint64_t offset) {
  if (node <= largest_named_ && offset_of_largest_ != 0) return;
  largest_named_ = node;
  offset_of_largest_ = offset;
}

std::optional<Error> HeapCollector::take_hello(const Record& record) {
  Payload payload(record.payload);
  const auto hello = payload.take<stream::Hello>();
  if (!hello) return wrong_length(record, sizeof(stream::Hello));
  if (std::memcmp(hello->magic, stream::kMagic, sizeof(stream::kMagic)) != 0) {
    return record.corrupt("expected the magic 'OUROWALK', found other bytes");
  }
  if (hello->version != stream::kVersion) {
    return Error{ErrorCode::kUnsupported, "the walker's stream",
                 expected_found("version", stream::kVersion, hello->version)};
  }
  heap_.hello = *hello;
  heap_.python_version = payload.take_rest();
  while (heap_.python_version.ends_with('\0')) heap_.python_version.pop_back();
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_nodes(const Record& record) {
  if (record.payload.size() < sizeof(stream::Nodes)) {
    return wrong_length(record, sizeof(stream::Nodes));
  }
  const auto nodes = load<stream::Nodes>(record.payload.data());
  const std::uint64_t bytes = sizeof(stream::Nodes) +
                              std::uint64_t{nodes.node_count} * sizeof(NodeRecord) +
                              std::uint64_t{nodes.edge_count} * EdgeColumns::kBytesAnEdge;
  if (bytes != record.payload.size()) return wrong_length(record, bytes);
  if (nodes.first_node != heap_.node_count()) {
    return record.corrupt(expected_found("first node", heap_.node_count(), nodes.first_node));
  }
  if (std::uint64_t{nodes.first_node} + nodes.node_count > graph::kMostNodes) {
    return record.corrupt("expected at most " + std::to_string(graph::kMostNodes) +
                          " objects, found more");
  }
  // Aligned as the payload is.
  static_assert(sizeof(stream::Nodes) % alignof(NodeRecord) == 0);
  const std::byte* const records = record.payload.data() + sizeof(stream::Nodes);
  const std::span objects(reinterpret_cast<const NodeRecord*>(records), nodes.node_count);
  // A column at a time: each needs few registers, and a record stays in the cache.
  take_places_and_types(record, objects);
  if (auto error = take_counts_and_sizes(record, objects)) return error;
  if (auto error = take_flags_and_edge_ends(record, objects, nodes.edge_count)) return error;
  return take_edges(record, records + objects.size_bytes(), nodes.edge_count);
}

void HeapCollector::take_places_and_types(const Record& record,
                                          std::span<const NodeRecord> objects) {
  for (const NodeRecord& object : objects) heap_.addresses.push_back(object.address);
  NodeIndex largest = 0;
  for (const NodeRecord& object : objects) {
    const NodeIndex type = object.type;
    const CachedType& cached = cached_types_[type % kCachedTypes];
    heap_.types.push_back(cached.node == type && type != kNoNode ? cached.row : type_row(type));
    largest = std::max(largest, type);
  }
  if (!objects.empty()) name_node(largest, record.offset);
}

std::optional<Error> HeapCollector::take_counts_and_sizes(const Record& record,
                                                          std::span<const NodeRecord> objects) {
  std::uint64_t bytes = 0;
  for (const NodeRecord& object : objects) {
    if (object.count == NodeRecord::kWide || object.size_bytes == NodeRecord::kWide) [[unlikely]] {
      if (auto error = take_wide_node(record, heap_.sizes.size(), object)) return error;
      continue;
    }
    heap_.sizes.push_back(object.size_bytes);
    heap_.counts.push_back(object.count);
    bytes += object.size_bytes;
  }
  heap_.heap_bytes += bytes;
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_flags_and_edge_ends(const Record& record,
                                                             std::span<const NodeRecord> objects,
                                                             std::uint32_t edge_count) {
  const NodeIndex first = heap_.node_count();
  std::uint8_t* flags = heap_.flags.extend(objects.size());
  graph::EdgeIndex* edge_ends = heap_.edge_begins.extend(objects.size());
  const std::uint64_t edges_before = heap_.edge_count();
  std::uint64_t edges = edges_before;
  std::uint64_t uncertain = 0;
  std::uint8_t all_flags = 0;
  for (const NodeRecord& object : objects) {
    const bool is_interned = (object.more & NodeRecord::kInterned) != 0;
    *flags++ = static_cast<std::uint8_t>(object.flags | (is_interned ? kInternedFlag : 0u));
    all_flags |= object.flags;
    uncertain += (object.more & NodeRecord::kCountIsUncertain) != 0;
    edges += object.edge_count;
    // Checked as a whole below: until then it is no more than a number.
    *edge_ends++ = static_cast<graph::EdgeIndex>(edges);
  }
  heap_.uncertain_counts += uncertain;
  if ((all_flags & kInternedFlag) != 0) {
    const auto wrong = std::ranges::find_if(
        objects, [](const NodeRecord& object) { return (object.flags & kInternedFlag) != 0; });
    return record.corrupt(
        "object " + std::to_string(first + static_cast<std::size_t>(wrong - objects.begin())) +
        ": expected flags below " + std::to_string(kInternedFlag) + ", found " +
        std::to_string(wrong->flags));
  }
  if (edges - edges_before == edge_count) return std::nullopt;
  return record.corrupt(
      expected_found("references of its objects", edge_count, edges - edges_before));
}

/// The count and size of an object that has one of them in a Wide record.
std::optional<Error> HeapCollector::take_wide_node(const Record& record, NodeIndex number,
                                                   const NodeRecord& node) {
  const bool is_wide_count = node.count == NodeRecord::kWide;
  const bool is_wide_size = node.size_bytes == NodeRecord::kWide;
  const Wide wide = wide_by_node_[number];
  if ((is_wide_count && !wide.count) || (is_wide_size && !wide.size_bytes)) {
    return record.corrupt("object " + std::to_string(number) +
                          ": expected a wide record before, found none");
  }
  const std::uint64_t size_bytes = is_wide_size ? *wide.size_bytes : node.size_bytes;
  heap_.sizes.push_back(size_bytes);
  heap_.counts.push_back(is_wide_count ? *wide.count : node.count);
  heap_.heap_bytes += size_bytes;
  wide_by_node_.erase(number);
  return std::nullopt;
}

std::uint32_t HeapCollector::type_row(NodeIndex class_node) {
  const auto [found, is_new] =
      row_by_class_.try_emplace(class_node, static_cast<std::uint32_t>(heap_.type_rows.size()));
  if (is_new) heap_.type_rows.push_back({.node = class_node});
  cached_types_[class_node % kCachedTypes] = {class_node, found->second};
  return found->second;
}

std::optional<Error> HeapCollector::take_more_edges(const Record& record) {
  Payload payload(record.payload);
  const auto edges = payload.take<stream::Edges>();
  if (!edges) return wrong_length(record, sizeof(stream::Edges));
  const std::uint64_t bytes =
      sizeof(stream::Edges) + std::uint64_t{edges->edge_count} * EdgeColumns::kBytesAnEdge;
  if (bytes != record.payload.size()) return wrong_length(record, bytes);
  if (heap_.node_count() == 0 || edges->node != heap_.node_count() - 1) {
    return record.corrupt("expected references of the last object of " +
                          std::to_string(heap_.node_count()) + ", found those of object " +
                          std::to_string(edges->node));
  }
  if (auto error =
          take_edges(record, record.payload.data() + sizeof(stream::Edges), edges->edge_count)) {
    return error;
  }
  heap_.edge_begins.back() = heap_.edge_count();
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_edges(const Record& record, const std::byte* edges,
                                               std::size_t count) {
  if (heap_.targets.size() + count > graph::kMostEdges) {
    return record.corrupt("expected at most " + std::to_string(graph::kMostEdges) +
                          " references, found more");
  }
  const NodeIndex* const targets = take_column(heap_.targets, edges, count);
  const std::uint32_t* const labels = take_column(heap_.labels, edges, count);
  const std::uint8_t* const kinds = take_column(heap_.kinds, edges, count);
  constexpr auto byte_of = [](stream::LabelKind kind) {
    return static_cast<unsigned>(kind) << EdgeColumns::kLabelShift;
  };
  NodeIndex largest = 0;
  std::uint32_t largest_name = 0;
  unsigned names = 0;
  unsigned all_kinds = 0;
  for (std::size_t at = 0; at < count; ++at) {
    const unsigned label_kind = kinds[at] & unsigned{EdgeColumns::kLabelMask};
    const std::uint32_t node = label_kind == byte_of(stream::LabelKind::kNode) ? labels[at] : 0;
    const unsigned is_name = label_kind == byte_of(stream::LabelKind::kName) ? 1u : 0u;
    largest = std::max({largest, targets[at], node});
    largest_name = std::max(largest_name, is_name != 0 ? labels[at] : 0);
    names |= is_name;
    all_kinds |= kinds[at];
  }
  if (count != 0) name_node(largest, record.offset);
  largest_name_ = std::max(largest_name_, largest_name);
  has_names_in_edges_ |= names != 0;
  // All other bits mean something.
  constexpr unsigned kUnknown = 0x80;
  static_assert(graph::kMeaningCount == 1u << EdgeColumns::kLabelShift);
  if ((all_kinds & kUnknown) == 0) return std::nullopt;
  const auto* unknown =
      std::find_if(kinds, kinds + count, [](unsigned kind) { return (kind & kUnknown) != 0; });
  return record.corrupt("reference " + std::to_string(unknown - kinds) +
                        ": expected a known kind, found " + std::to_string(*unknown));
}

std::optional<Error> HeapCollector::take_wide(const Record& record) {
  Payload payload(record.payload);
  const auto wide = payload.take<stream::Wide>();
  if (!wide || payload.left() != 0) return wrong_length(record, sizeof(stream::Wide));
  if (wide->node < heap_.node_count() || wide->what > stream::Wide::kSize) {
    return record.corrupt("expected a count or size of an object from " +
                          std::to_string(heap_.node_count()) + " on, found number " +
                          std::to_string(wide->what) + " of object " + std::to_string(wide->node));
  }
  Wide& of_node = wide_by_node_[wide->node];
  (wide->what == stream::Wide::kCount ? of_node.count : of_node.size_bytes) = wide->value;
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_type(const Record& record) {
  Payload payload(record.payload);
  const auto type = payload.take<stream::Type>();
  const auto name = type ? payload.take_text(type->name_bytes) : std::nullopt;
  const auto module = name ? payload.take_text(type->module_bytes) : std::nullopt;
  if (!module || payload.left() != 0) {
    return record.corrupt("expected a name and a module, found another length");
  }
  name_node(type->node, record.offset);
  CollectedType& row = heap_.type_rows[type_row(type->node)];
  row.name = names_.add(*name);
  row.module = names_.add(*module);
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_name(const Record& record) {
  Payload payload(record.payload);
  const auto name = payload.take<stream::Name>();
  if (!name) return wrong_length(record, sizeof(stream::Name));
  if (name->number != heap_.names.size()) {
    return record.corrupt(expected_found("number", heap_.names.size(), name->number));
  }
  heap_.names.push_back(names_.add(payload.take_rest()));
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_thread(const Record& record) {
  Payload payload(record.payload);
  const auto thread = payload.take<stream::Thread>();
  if (!thread || payload.left() != 0) return wrong_length(record, sizeof(stream::Thread));
  if (thread->number != heap_.threads.size()) {
    return record.corrupt(expected_found("number", heap_.threads.size(), thread->number));
  }
  heap_.threads.push_back(*thread);
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_frame(const Record& record) {
  Payload payload(record.payload);
  const auto frame = payload.take<stream::Frame>();
  if (!frame || payload.left() != 0) return wrong_length(record, sizeof(stream::Frame));
  if (frame->thread >= heap_.threads.size()) {
    return record.corrupt("expected one of " + std::to_string(heap_.threads.size()) +
                          " threads, found thread " + std::to_string(frame->thread));
  }
  if (frame->code != kNoNode) name_node(frame->code, record.offset);
  heap_.frames.push_back(*frame);
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_root(const Record& record) {
  Payload payload(record.payload);
  const auto root = payload.take<stream::Root>();
  if (!root) return wrong_length(record, sizeof(stream::Root));
  if (root->kind >= graph::kRootKindCount ||
      root->what > static_cast<std::uint16_t>(stream::RootWhat::kStaticData)) {
    return record.corrupt("expected a known kind of root, found kind " +
                          std::to_string(root->kind) + ", " + std::to_string(root->what));
  }
  if (root->thread != kNoNode && root->thread >= heap_.threads.size()) {
    return record.corrupt("expected one of " + std::to_string(heap_.threads.size()) +
                          " threads, found thread " + std::to_string(root->thread));
  }
  name_node(root->node, record.offset);
  if (root->name != kNoNode) name_node(root->name, record.offset);
  heap_.roots.push_back({*root, names_.add(payload.take_rest())});
  return std::nullopt;
}

std::optional<Error> HeapCollector::take_end(const Record& record) {
  Payload payload(record.payload);
  const auto end = payload.take<stream::End>();
  if (!end || payload.left() != 0) return wrong_length(record, sizeof(stream::End));
  if (end->node_count != heap_.node_count()) {
    return record.corrupt(expected_found("objects", heap_.node_count(), end->node_count));
  }
  if (end->edge_count != heap_.edge_count()) {
    return record.corrupt(expected_found("references", heap_.edge_count(), end->edge_count));
  }
  heap_.end = *end;
  has_end_ = true;
  return std::nullopt;
}

/// The names that came while texts were read beside.
void HeapCollector::take_over_names() {
  const graph::Strings names = names_.view();
  const auto take_over = [&](graph::StringIndex& index) {
    index = heap_.strings.add(names[index]);
  };
  for (CollectedType& type : heap_.type_rows) {
    take_over(type.name);
    take_over(type.module);
  }
  for (graph::StringIndex& name : heap_.names) take_over(name);
  for (CollectedRoot& root : heap_.roots) take_over(root.text);
}

Result<CollectedHeap> HeapCollector::finish() && {
  const auto corrupt = [](std::uint64_t offset, std::string message) {
    return Error{ErrorCode::kCorrupt,
                 "the walker's stream: record at offset " + std::to_string(offset),
                 std::move(message)};
  };
  if (!has_end_) return corrupt(0, "expected an end record, found none");
  Result<CollectedTexts> texts = texts_.finish();
  if (!texts) return texts.error();
  static_cast<CollectedTexts&>(heap_) = *std::move(texts);
  if (heap_.nodes_named != 0) {
    name_node(static_cast<NodeIndex>(heap_.nodes_named - 1), heap_.offset_of_largest);
  }
  take_over_names();
  if (offset_of_largest_ != 0 && largest_named_ >= heap_.node_count()) {
    return corrupt(offset_of_largest_, "expected one of " + std::to_string(heap_.node_count()) +
                                           " objects, found object " +
                                           std::to_string(largest_named_));
  }
  if (has_names_in_edges_ && largest_name_ >= heap_.names.size()) {
    return corrupt(0, "expected a name record of each of " +
                          std::to_string(std::uint64_t{largest_name_} + 1) + " names, found " +
                          std::to_string(heap_.names.size()));
  }
  return std::move(heap_);
}

}  // namespace ouro::python::heap
