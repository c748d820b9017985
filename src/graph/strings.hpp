// All strings of a graph, each once, by number. String 0 is the empty one.
//
//   begins  [ 0 | 0 | 7 | 15 ]        where string i begins; one more than there are strings
//   bytes   [ D u n g e o n m o n s t e r s ]      UTF-8, without terminators
//
// A view, as Column is.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/indexes.hpp"

namespace ouro::graph {

class Strings {
 public:
  Strings() = default;
  Strings(std::span<const std::uint64_t> begins, std::string_view bytes)
      : begins_(begins), bytes_(bytes) {}

  std::uint32_t size() const {
    return begins_.empty() ? 0 : static_cast<std::uint32_t>(begins_.size() - 1);
  }
  /// Empty for a number that is none, as a damaged file may have.
  std::string_view operator[](StringIndex index) const {
    if (index >= size()) return {};
    const std::uint64_t begin = begins_[index];
    const std::uint64_t end = begins_[index + 1];
    if (begin > end || end > bytes_.size()) return {};
    return bytes_.substr(begin, end - begin);
  }
  std::span<const std::uint64_t> begins() const { return begins_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::span<const std::uint64_t> begins_;
  std::string_view bytes_;
};

/// Collects strings and numbers them in the order of their first use.
class StringsBuilder {
 public:
  StringsBuilder() { add(""); }
  StringsBuilder(const StringsBuilder&) = delete;
  StringsBuilder& operator=(const StringsBuilder&) = delete;
  StringsBuilder(StringsBuilder&&) = default;
  StringsBuilder& operator=(StringsBuilder&&) = default;

  StringIndex add(std::string_view text);

  /// Valid as long as the builder lives and gets no more strings.
  Strings view() const { return {begins_, bytes_}; }

 private:
  std::vector<std::uint64_t> begins_{0};
  std::string bytes_;
  std::deque<std::string> keys_;  // what the map's keys look at: stays in place
  std::unordered_map<std::string_view, StringIndex> index_by_text_;
};

}  // namespace ouro::graph
