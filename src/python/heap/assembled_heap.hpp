// The memory behind the graph of a captured heap, while it is made and as long as it is used.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/heap_graph.hpp"
#include "python/heap/growing_addresses.hpp"
#include "python/heap/growing_array.hpp"
#include "python/heap/growing_column.hpp"
#include "python/heap/heap_strings.hpp"

namespace ouro::python::heap {

/// An object and a text of it.
struct NodeText {
  graph::NodeIndex node;
  graph::StringIndex text;
};

struct AssembledHeap {
  HeapStrings strings;
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
  GrowingArray<graph::NodeIndex> preview_nodes;  ///< rising
  GrowingArray<graph::StringIndex> preview_texts;
  std::vector<graph::Root> roots;
  std::vector<graph::TypeRow> type_rows;
  std::vector<graph::FactRow> facts;

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(flags.size()); }

  /// Views of all this; valid until something is added.
  graph::Columns columns() const;
  /// The graph so far, to ask. Valid as long as this.
  graph::HeapGraph view() const { return {columns(), nullptr}; }

  /// Of objects that have none yet; of several texts of one the first.
  void add_previews(std::vector<NodeText> texts);
  void add_fact(std::string_view key, std::string_view value) {
    facts.push_back({strings.add(key), strings.add(value)});
  }
};

}  // namespace ouro::python::heap
