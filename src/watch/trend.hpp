// Whether a number that is looked at again and again grows, falls, or has settled.
//
// Memory of a healthy program goes up and down: a collection frees what has piled up, a request
// takes what it gives back. What counts is the level it comes back to, its troughs.
//
//        /|   /|   /|            a saw: the troughs lie flat, it has settled
//      /  | /  | /  |
//     |   |/   |/   |/
//
//   1. Teeth. A zigzag with a threshold (a tenth of the whole range, at least the floor) finds the
//      drops, and the longest time from trough to trough, the period.
//   2. Levels. The last W seconds are cut into up to 8 segments, none shorter than the period; the
//      level of each is its least value. W is all the time, its half, its quarter, ...
//   3. Growth. In a window W the levels grow if all of this holds:
//        - Mann-Kendall: of the pairs of levels so many rise more than fall that chance does it
//          less than once in a hundred times
//        - the Theil-Sen slope times W is more than the floor, than 40 % of the highest
//          tooth, and than eight times the scatter around that line
//        - no single step is more than 45 % of it (loading a cache is a step, no growth)
//        - the last two steps are at least 15 % of it (a warm-up that is over does not count)
//      The longest such window counts. Falling is the same, mirrored.
//   4. Settled. What neither grows nor falls has settled for as long as its levels stay within the
//      floor.
//
// A tooth that is still rising may be a leak or garbage not yet collected. It counts as a tooth as
// long as it is no higher than one and a half times what was given back before; then the time since
// its trough is a window of its own. Before the first drop nobody can tell: words.cpp says so.
//
// The floor, below which nothing is said: least_change, or 0.2 % of the value.
//
// (Mann 1945, Kendall 1975: Rank Correlation Methods; Theil 1950; Sen 1968.) Time: linear in the
// points for each of about ten windows.
#pragma once

#include <cstdint>
#include <span>

#include "watch/series.hpp"

namespace ouro::watch {

struct TrendOptions {
  double least_change = 256.0 * 1024;
  double least_share = 0.002;
  double least_seconds = 30;     ///< no window is shorter
  std::size_t least_points = 8;  ///< in a window
};

struct Trend {
  enum class Is {
    kEarly,    ///< too few points for a word
    kSettled,  ///< for `seconds`
    kGrows,    ///< for `seconds`, by `change` in that time
    kFalls,    ///< the same, `change` is negative
    kMoves,    ///< none of these: it has changed, but not steadily
  };

  Is is = Is::kEarly;
  double seconds = 0;
  double change = 0;      ///< in these seconds, by the slope through the levels
  double per_second = 0;  ///< that slope
  double swing = 0;       ///< the highest tooth; 0: it has none
  double period = 0;      ///< the longest from trough to trough

  bool grows() const { return is == Is::kGrows; }
};

Trend trend_of(std::span<const Point> points, const TrendOptions& options = {});

/// How much it has changed in the last `seconds`, by the line through its levels; 0 where there are
/// fewer than two points.
double change_within(std::span<const Point> points, double seconds);

}  // namespace ouro::watch
