// The names of a graph's nodes, both ways. Nodes are numbered in the order of their first mention.
//
// A name that is a decimal number as one writes it ("0", "42", not "007" or "+1") below 2^32 - 1 is
// kept as that number. To find its node there is a table by number as long as the numbers are
// dense, and a hash table for those beyond; every other name is a text in one arena:
//
//   values    [ 7 | 42 | 0 | 1 ]        by node: the number, or the number of the text
//   is_text   [ 0 |  0 | 1 | 1 ]        one bit a node, none while there are no texts
//   direct    [ - - - - - - - 0 ... ]   node + 1 by number
//   sparse    { 4000000000 -> node }    numbers beyond the direct table
//   texts     { hash of text -> node }
//   begins    [ 0 | 4 | 8 ]             where text i begins in the arena
//   arena     [ M a i n M i n e ]
//
// Memory a node: a number 4 bytes, and 4 to 16 in the direct table or 10.7 to 21.3 in the sparse
// one; a text 12 bytes, 10.7 to 21.3 in its table, and its bytes.
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
#include "graph/text/page_array.hpp"
#include "graph/text/slot_table.hpp"

namespace ouro::graph {

class NodeNames {
 public:
  /// The node of that name, a new one if there is none. Precondition, here and below: size() <
  /// kMostNodes.
  NodeIndex add(std::string_view name);
  /// As add() of the number's decimal digits. Precondition: number < kNoNumber.
  NodeIndex add_number(std::uint32_t number) {
    if (number < direct_.size() && direct_[number] != 0) [[likely]]
      return direct_[number] - 1;
    return add_rare_number(number);
  }
  /// Fetches what add_number() will look at.
  void prefetch_number(std::uint32_t number) const {
    if (number < direct_.size()) {
      __builtin_prefetch(&direct_[number]);
    } else {
      sparse_.prefetch(number);
    }
  }

  std::uint32_t size() const { return count_; }
  std::optional<NodeIndex> find(std::string_view name) const;
  /// Appends the name of a node. Precondition: node < size().
  void append_to(std::string& text, NodeIndex node) const;

  /// The number that `name` is kept as, if it is one.
  static std::optional<std::uint32_t> number_of(std::string_view name);
  static constexpr std::uint32_t kNoNumber = 0xFFFFFFFFu;

 private:
  NodeIndex add_rare_number(std::uint32_t number);
  NodeIndex add_text(std::string_view text);
  NodeIndex append_value(std::uint32_t value);
  bool make_direct(std::uint32_t number);
  std::optional<NodeIndex> find_number(std::uint32_t number) const;
  std::optional<NodeIndex> find_text(std::string_view text, std::uint32_t hash) const;
  bool is_text(NodeIndex node) const {
    return node / 64 < is_text_.size() && ((is_text_[node / 64] >> (node % 64)) & 1) != 0;
  }
  std::string_view text_at(std::uint32_t text) const {
    return std::string_view(arena_).substr(begins_[text], begins_[text + 1] - begins_[text]);
  }

  std::uint32_t count_ = 0;
  std::uint32_t number_count_ = 0;
  PageArray<std::uint32_t> values_;
  std::vector<std::uint64_t> is_text_;
  PageArray<std::uint32_t> direct_;
  SlotTable sparse_;
  SlotTable texts_;
  std::vector<std::uint64_t> begins_{0};
  std::string arena_;
};

}  // namespace ouro::graph
