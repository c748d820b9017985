// The names that somebody may have meant who wrote one that is not there.
//
// Distance: insertions, deletions, replacements of a character, and swaps of two neighbours, each
// one step (optimal string alignment; Damerau 1964, Wagner and Fischer 1974). Characters are those
// of UTF-8, and the case of ASCII letters counts nothing. Names further than a third of the longer
// one's length (at least one step) are no suggestion.
//
// Most names are refused by a bound that costs no table: the lengths differ too much, or the sets
// of bytes do, since a step brings at most one new byte into a set (or four, a character that is
// not ASCII). The table is computed only along its diagonal, as wide as steps are allowed (Ukkonen
// 1985), and no wider than what would be nearer than the names found so far. Time: a look at every
// name, O(length * steps) for those that pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ouro {

class NearestNames {
 public:
  /// Of the names offered, the `most` nearest to `wanted`, which has to outlive this.
  NearestNames(std::string_view wanted, std::size_t most);

  void offer(const std::string& name);
  /// Nearest first; those of one distance as they were offered.
  std::vector<std::string> take() &&;

 private:
  using Found = std::pair<std::size_t, std::string>;

  /// Three rows of the table of distances.
  class StepTable {
   public:
    /// The steps from a to b, or more than `most` where they are more.
    std::size_t steps(const std::u32string& a, const std::u32string& b, std::size_t most);

   private:
    std::size_t cell(const std::u32string& a, const std::u32string& b, std::size_t i,
                     std::size_t j) const;

    std::vector<std::size_t> before_;
    std::vector<std::size_t> above_;
    std::vector<std::size_t> row_;
  };

  std::size_t most_steps(std::string_view name) const;
  bool cannot_be_within(std::string_view name, std::size_t steps) const;

  std::string_view wanted_;
  std::u32string wanted_characters_;
  std::uint64_t byte_set_;
  bool is_ascii_;
  std::size_t most_;
  StepTable table_;
  std::u32string characters_;
  std::vector<Found> found_;
};

/// "; did you mean `a`, `b` or `c`?", or "" without names.
std::string did_you_mean(std::span<const std::string> names);

}  // namespace ouro
