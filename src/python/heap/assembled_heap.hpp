// The memory behind the graph of a captured heap, while it is made and as long as it is used.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/heap_graph.hpp"
#include "graph/strings.hpp"
#include "python/heap/growing_addresses.hpp"
#include "python/heap/growing_array.hpp"
#include "python/heap/growing_column.hpp"

namespace ouro::python::heap {

struct AssembledHeap {
  graph::StringsBuilder strings;
  GrowingAddresses addresses;
  GrowingColumn types;
  GrowingColumn sizes;
  GrowingColumn counts;
  GrowingArray<std::uint8_t> flags;
  GrowingArray<graph::EdgeIndex> edge_begins;
  GrowingArray<graph::NodeIndex> targets;
  GrowingArray<std::uint8_t> kinds;
  GrowingArray<graph::StringIndex> names;
  GrowingColumn indexes;
  std::vector<graph::NodeIndex> preview_nodes;
  std::vector<graph::StringIndex> preview_texts;
  std::vector<graph::Root> roots;
  std::vector<graph::TypeRow> type_rows;
  std::vector<graph::FactRow> facts;

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(flags.size()); }

  /// Views of all this; valid until something is added.
  graph::Columns columns() const;
  /// The graph so far, to ask. Valid as long as this.
  graph::HeapGraph view() const { return {columns(), nullptr}; }

  void add_fact(std::string_view key, std::string_view value) {
    facts.push_back({strings.add(key), strings.add(value)});
  }
};

}  // namespace ouro::python::heap
