// All that a walker has said, as columns: what the graph is then made of, in place.
//
//   by node   place 4 | type 2 | size 2 | count 2 | flags 1 | edge begin 4     bytes, mostly
//   by edge   target 4 | kind 1 | label 4
//
// Until the labels become names and indexes, a kind's byte also says what its label is
// (stream::EdgeColumns).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graph/edge_kind.hpp"
#include "graph/indexes.hpp"
#include "graph/strings.hpp"
#include "python/heap/assembled_heap.hpp"
#include "python/heap/growing_addresses.hpp"
#include "python/heap/growing_array.hpp"
#include "python/heap/growing_column.hpp"
#include "python/heap/heap_strings.hpp"
#include "python/stream/records.hpp"

namespace ouro::python::heap {

/// Flags of a node beyond graph::NodeFlags, in its bit 7 until the graph is made.
inline constexpr std::uint8_t kInternedFlag = 1u << 7;

struct CollectedType {
  graph::NodeIndex node = graph::kNoNode;
  graph::StringIndex name = 0;  ///< 0: nobody said it
  graph::StringIndex module = 0;
};

struct CollectedRoot {
  stream::Root root;
  graph::StringIndex text = 0;
};

struct CodeTexts {
  graph::StringIndex name = 0;
  graph::StringIndex file = 0;
};

/// What a frame or generator says of itself.
struct FrameTexts {
  CodeTexts code;
  std::uint32_t line = 0;
  char state = 0;  ///< stream::FrameState
};

/// What objects say of themselves, and the strings of the heap.
struct CollectedTexts {
  HeapStrings strings;
  GrowingArray<graph::NodeIndex> preview_nodes;  ///< in the order they came
  GrowingArray<graph::StringIndex> preview_texts;
  /// Of strings, where values are left out: for names alone.
  GrowingArray<NodeText> hidden_texts;
  HeapStrings hidden_strings;
  std::vector<std::pair<graph::NodeIndex, CodeTexts>> codes;
  std::vector<std::pair<graph::NodeIndex, FrameTexts>> frame_texts;  ///< sorted in assemble()

  std::uint64_t nodes_named = 0;        ///< one more than the largest object with a text
  std::uint64_t offset_of_largest = 0;  ///< of its record
};

struct CollectedHeap : CollectedTexts {
  stream::Hello hello{};
  std::string python_version;
  stream::End end{};

  GrowingAddresses addresses;
  GrowingColumn types;  ///< rows of type_rows
  GrowingColumn sizes;
  GrowingColumn counts;
  GrowingArray<std::uint8_t> flags;
  GrowingArray<graph::EdgeIndex> edge_begins;  ///< one more than nodes
  GrowingArray<graph::NodeIndex> targets;
  GrowingArray<std::uint8_t> kinds;
  GrowingArray<std::uint32_t> labels;
  std::uint64_t uncertain_counts = 0;
  std::uint64_t heap_bytes = 0;  ///< of all objects

  std::vector<CollectedType> type_rows;
  std::vector<graph::StringIndex> names;  ///< by number of the Name record
  std::vector<stream::Thread> threads;
  std::vector<stream::Frame> frames;
  std::vector<CollectedRoot> roots;

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(flags.size()); }
  std::uint32_t edge_count() const { return static_cast<std::uint32_t>(targets.size()); }
};

}  // namespace ouro::python::heap
