// Objects and bytes by type over many looks: now, since the start, since the last look, and since
// any moment between.
//
// Of looks in between 64 are kept at most, at even distances: every second one goes when they are
// as many. Memory: 16 bytes for each type in each of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "watch/sample.hpp"

namespace ouro::watch {

struct TypeRow {
  std::string_view type;  ///< lives as long as the TypeGrowth
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::int64_t objects_since_start = 0;
  std::int64_t bytes_since_start = 0;
  std::int64_t objects_since_last = 0;
  std::int64_t bytes_since_last = 0;
};

enum class TypeOrder { kBytes, kObjects, kGrowth };

class TypeGrowth {
 public:
  void add(double seconds, const std::vector<python::heap::NamedTotal>& types);
  /// The last look is the start from now on.
  void restart();

  bool empty() const { return looks_.empty(); }
  std::size_t type_count() const { return names_.size(); }

  /// All types whose name contains `filter`, without regard to upper and lower case; by growth:
  /// those that grew most bytes since the start first.
  std::vector<TypeRow> rows(TypeOrder order, std::string_view filter = {}) const;

  struct Grown {
    std::string_view type;
    std::int64_t objects = 0;
    std::int64_t bytes = 0;
  };
  /// Types with more objects than about `seconds` ago, most bytes first; those that a program made
  /// itself before those that hold their parts (str, dict, list ...) where both grew much.
  std::vector<Grown> grown_within(double seconds) const;

 private:
  struct Amount {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
  };
  struct Totals {
    double seconds = 0;
    std::vector<Amount> by_type;  ///< shorter where types came later
  };
  static constexpr std::size_t kMostLooks = 64;

  static Amount amount_of(const Totals& totals, std::size_t type) {
    return type < totals.by_type.size() ? totals.by_type[type] : Amount{};
  }

  std::unordered_map<std::string, std::size_t> type_by_name_;
  std::vector<const std::string*> names_;  ///< keys of the map, which stay where they are
  std::vector<Totals> looks_;              ///< the first is the start, the last is now
  Totals last_;                            ///< the look before now
  std::size_t distance_ = 1;               ///< of the looks kept, in looks
  std::size_t looks_since_kept_ = 0;
};

}  // namespace ouro::watch
