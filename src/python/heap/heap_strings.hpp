// The strings of a captured heap, numbered as they come.
//
// There are millions of values, nearly all different; to find the few that are not takes a table as
// large as they are, with a cache miss for each. So names are each there once, and values once in a
// while: the same text among the last 65,536 gets the same number, mostly.
//
// Memory: 8 bytes a string beside its text; 512 KiB for the last values; 80 bytes a name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/strings.hpp"
#include "python/heap/growing_array.hpp"

namespace ouro::python::heap {

class HeapStrings {
 public:
  HeapStrings();
  HeapStrings(const HeapStrings&) = delete;
  HeapStrings& operator=(const HeapStrings&) = delete;
  HeapStrings(HeapStrings&&) = default;
  HeapStrings& operator=(HeapStrings&&) = default;

  /// A name: the same number whenever it is the same text.
  graph::StringIndex add(std::string_view text);
  graph::StringIndex add_value(std::string_view text) { return add_value(text, hash_value(text)); }
  /// The same in two steps: asks for the memory that the second looks at, which is rarely in a
  /// cache.
  std::size_t hash_value(std::string_view text);
  graph::StringIndex add_value(std::string_view text, std::size_t hash);

  std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  /// Valid until the next is added.
  graph::Strings view() const { return {begins_.span(), {bytes_.data(), bytes_.size()}}; }

 private:
  struct Recent {
    std::uint32_t hash = 0;
    graph::StringIndex index = 0;
  };
  static constexpr std::size_t kRecent = 1u << 16;

  graph::StringIndex append(std::string_view text);

  GrowingArray<std::uint64_t> begins_;
  GrowingArray<char> bytes_;
  std::unordered_map<std::string, graph::StringIndex> index_by_name_;
  std::vector<Recent> recent_;  ///< by low bits of the hash; empty before the first value
};

}  // namespace ouro::python::heap
