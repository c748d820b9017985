// The names of a graph's nodes, both ways. Nodes are numbered in the order of their first mention.
//
// A name that is a decimal number as one writes it ("0", "42", not "007" or "+1") below 2^32 - 1 is
// kept as that number. To find its node there is a table by number as long as the numbers are
// dense, and a hash table for those beyond; every other name is a record in one arena:
//
//   values    [ 7 | 42 | 0 | 3 ]        by node: the number, or where the record begins
//   is_text   [ 0 |  0 | 1 | 1 ]        one bit a node, none while there are no texts
//   direct    [ - - - - - - - 0 ... ]   node + 1 by number
//   sparse    { 4000000000 -> node }    numbers beyond the direct table
//   texts     { hash of text -> record }
//   arena     [ node 2 | 4 | Main ][ node 3 | 6 | Dungeo|n... ]     in units of four bytes
//
// Memory a node: a number 4 bytes, and 4 to 16 in the direct table or 10.7 to 21.3 in the sparse
// one; a text 12 bytes, its bytes rounded up to four, and 10.7 to 21.3 in its table.
//
// Large graphs mention their nodes in random order, and then memory is what takes the time: half a
// microsecond for a text by itself. So a name can be added in steps, each of which asks memory for
// what the next one looks at; who does each step for many names before the next waits once:
//
//   PendingName name = names.prefetch(text);     // its slot
//   names.prefetch_record(name);                 // its record
//   NodeIndex node = names.add(name);
//
// Invariants:
//  1. a number below direct.size() is in `direct` or unknown; no number is in both tables
//  2. direct.size() is at most 4 times the numbers known, and 64 Ki
//  3. the direct table at least doubles when it grows, so all growing moves each number a bounded
//     number of times
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/indexes.hpp"
#include "text/page_array.hpp"
#include "text/slot_table.hpp"

namespace ouro::text {

using graph::EdgeIndex;
using graph::kMostEdges;
using graph::kMostNodes;
using graph::NodeIndex;

/// A name on its way. A text is not copied: it stays where it is until it was added.
struct PendingName {
  const char* text;    // null: a number
  std::uint32_t size;  // of the text
  std::uint32_t key;   // the number, or the hash of the text
};

class NodeNames {
 public:
  /// The node of that name, a new one if there is none. Precondition, here and below: has_room_for
  /// the bytes of all that is added.
  NodeIndex add(std::string_view name) { return add(pending(name)); }
  NodeIndex add(const PendingName& name) {
    if (name.text != nullptr) return add_text(name);
    if (name.key < direct_.size() && direct_[name.key] != 0) [[likely]]
      return direct_[name.key] - 1;
    return add_rare_number(name.key);
  }

  /// Precondition: fewer than 2^32 bytes.
  PendingName prefetch(std::string_view name) const {
    const PendingName found = pending(name);
    if (found.text == nullptr) return prefetch_number(found.key);
    texts_.prefetch(found.key);
    return found;
  }
  /// The same for the decimal digits of the number. Precondition: number < kNoNumber.
  PendingName prefetch_number(std::uint32_t number) const {
    if (number < direct_.size()) {
      __builtin_prefetch(&direct_[number]);
    } else {
      sparse_.prefetch(number);
    }
    return {nullptr, 0, number};
  }
  // Inlined always: GCC 12 takes a function that only prefetches for one without effects, and drops
  // its calls.
  [[gnu::always_inline]] void prefetch_record(const PendingName& name) const {
    if (name.text == nullptr) return;
    // The first record of that hash is nearly always the one.
    const auto record = texts_.find(name.key, [](std::uint32_t) { return true; });
    if (record) __builtin_prefetch(&arena_[*record]);
  }

  std::uint32_t size() const { return count_; }
  /// Whether names of so many bytes in total can still be added, however many they are.
  bool has_room_for(std::uint64_t bytes) const {
    constexpr std::uint64_t kMostUnits = 0xFFFFFFF0u;
    return count_ + bytes < kMostNodes && arena_size_ + 4 * bytes < kMostUnits;
  }
  std::optional<NodeIndex> find(std::string_view name) const;
  /// Appends the name of a node. Precondition: node < size().
  void append_to(std::string& text, NodeIndex node) const;

  static constexpr std::uint32_t kNoNumber = 0xFFFFFFFFu;

 private:
  static PendingName pending(std::string_view name);
  NodeIndex add_rare_number(std::uint32_t number);
  NodeIndex add_text(const PendingName& name);
  std::uint32_t append_record(NodeIndex node, const PendingName& name);
  NodeIndex append_value(std::uint32_t value);
  bool make_direct(std::uint32_t number);
  std::optional<NodeIndex> find_number(std::uint32_t number) const;
  std::optional<NodeIndex> find_text(const PendingName& name) const;
  bool is_text(NodeIndex node) const {
    return node / 64 < is_text_.size() && ((is_text_[node / 64] >> (node % 64)) & 1) != 0;
  }
  std::string_view text_at(std::uint32_t record) const {
    const std::uint32_t* const begin = &arena_[record];
    return {reinterpret_cast<const char*>(begin + 2), begin[1]};
  }

  std::uint32_t count_ = 0;
  std::uint32_t number_count_ = 0;
  PageArray<std::uint32_t> values_;
  std::vector<std::uint64_t> is_text_;
  PageArray<std::uint32_t> direct_;
  SlotTable sparse_;
  SlotTable texts_;
  PageArray<std::uint32_t> arena_;
  std::size_t arena_size_ = 0;  // in units of four bytes
};

}  // namespace ouro::text
