// All strings of a graph, each once, by number. String 0 is the empty one.
//
//   begins  [ 0 | 0 | 7 | 15 ]        where string i begins; one more than there are strings
//   bytes   [ D u n g e o n m o n s t e r s ]      UTF-8, without terminators
//
// A view, as Column is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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
///
/// A table of open addressing, with half of each string's hash beside its number, so that only a
/// string that is there is compared. Memory: 16 to 32 bytes a string, beside its text.
class StringsBuilder {
 public:
  StringsBuilder() { add(""); }
  StringsBuilder(const StringsBuilder&) = delete;
  StringsBuilder& operator=(const StringsBuilder&) = delete;
  StringsBuilder(StringsBuilder&&) = default;
  StringsBuilder& operator=(StringsBuilder&&) = default;

  StringIndex add(std::string_view text);

  std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  /// Valid as long as the builder lives and gets no more strings.
  Strings view() const { return {begins_, bytes_}; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    StringIndex index = kEmpty;
  };
  static constexpr StringIndex kEmpty = 0xFFFFFFFF;

  void grow();

  std::vector<std::uint64_t> begins_{0};
  std::string bytes_;
  std::vector<Slot> slots_;  ///< a power of 2, at most half of them taken
};

}  // namespace ouro::graph
