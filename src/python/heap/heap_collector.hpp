// Takes the records of a stream, one after the other, and keeps what they say as columns.
//
// What can be checked at once is: that a payload has the length its numbers say, that kinds are
// known, that objects come in order. What needs the number of all objects is checked by finish():
// the largest number of an object that was named anywhere is kept until then. So a lying stream is
// an Error, and no more memory is taken than a small multiple of the bytes that came.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include <ouro/base/result.hpp>
#include "python/heap/collected_heap.hpp"
#include "python/heap/text_collector.hpp"
#include "python/stream/stream_reader.hpp"

namespace ouro::python::heap {

class HeapCollector {
 public:
  explicit HeapCollector(bool keeps_values = true);

  /// Any record but Failure. End is to be the last; nothing may follow an error.
  std::optional<Error> take(const stream::Record& record);
  /// After End: whether all objects that were named have come.
  Result<CollectedHeap> finish() &&;

  std::uint32_t node_count() const { return heap_.node_count(); }

 private:
  struct Wide {
    std::optional<std::uint64_t> count;
    std::optional<std::uint64_t> size_bytes;
  };
  struct CachedType {
    graph::NodeIndex node = graph::kNoNode;
    std::uint32_t row = 0;
  };
  static constexpr std::size_t kCachedTypes = 1024;

  std::optional<Error> take_hello(const stream::Record& record);
  std::optional<Error> take_nodes(const stream::Record& record);
  void take_places_and_types(const stream::Record& record,
                             std::span<const stream::NodeRecord> objects);
  std::optional<Error> take_counts_and_sizes(const stream::Record& record,
                                             std::span<const stream::NodeRecord> objects);
  std::optional<Error> take_flags_and_edge_ends(const stream::Record& record,
                                                std::span<const stream::NodeRecord> objects,
                                                std::uint32_t edge_count);
  std::optional<Error> take_wide_node(const stream::Record& record, graph::NodeIndex number,
                                      const stream::NodeRecord& node);
  std::optional<Error> take_more_edges(const stream::Record& record);
  std::optional<Error> take_edges(const stream::Record& record, const std::byte* edges,
                                  std::size_t count);
  std::optional<Error> take_wide(const stream::Record& record);
  std::optional<Error> take_type(const stream::Record& record);
  std::optional<Error> take_name(const stream::Record& record);
  std::optional<Error> take_thread(const stream::Record& record);
  std::optional<Error> take_frame(const stream::Record& record);
  std::optional<Error> take_root(const stream::Record& record);
  std::optional<Error> take_end(const stream::Record& record);

  void take_over_names();
  std::uint32_t type_row(graph::NodeIndex class_node);
  /// Remembers that the object has to come.
  void name_node(graph::NodeIndex node, std::uint64_t offset);

  TextCollector texts_;
  HeapStrings names_;  ///< of types, roots, Name records, until the texts are there
  CollectedHeap heap_;
  std::unordered_map<graph::NodeIndex, Wide> wide_by_node_;  ///< of nodes still to come
  std::unordered_map<graph::NodeIndex, std::uint32_t> row_by_class_;
  std::array<CachedType, kCachedTypes> cached_types_;
  graph::NodeIndex largest_named_ = 0;
  std::uint64_t offset_of_largest_ = 0;  ///< of the record that named it
  std::uint32_t largest_name_ = 0;       ///< of a Name record, that an edge has
  bool has_names_in_edges_ = false;
  bool has_end_ = false;
};

}  // namespace ouro::python::heap
