// Which setting to take. Out of those that may be taken, that is all but a disabled collector, with
// at most a fifth more memory than the default:
//
//   for time     those that really save time, or whose collector really takes a hundredth of it
//                less where the spread of the whole hides that, and of them the best and whatever
//                does not really differ from it: the one with the shortest longest pause, a tenth
//                at least, then the one that changes least
//   for pauses   the one with the shortest longest pause, where that is really shorter than the
//                default's and a tenth shorter than that of the one for time
//
// Of a collector that takes less than a hundredth of the time no setting saves time, and pauses
// below five milliseconds are nobody's concern. "Really" is what statistics.hpp says. Where neither
// is, nothing is recommended.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/tune/comparison.hpp"

namespace ouro::report {

struct Recommendation {
  std::size_t setting = 0;  ///< index among the compared ones
  std::string why;          ///< a sentence
  std::vector<std::string> code;
};

struct Recommendations {
  std::optional<Recommendation> for_time;
  std::optional<Recommendation> for_pauses;
  /// What to know besides: why nothing is recommended, what a disabled collector shows.
  std::vector<std::string> remarks;
};

inline constexpr double kMoreMemoryAllowed = 0.2;

Recommendations recommend(const std::vector<ComparedSetting>& settings);

}  // namespace ouro::report
