// Whether two settings differ, or the machine was noisy.
//
// Rounds are interleaved: in each, every setting runs once. What slows the machine for a while
// slows all of a round, so numbers are compared within rounds: the logarithms of their ratios, by
// the t-test for pairs (Student, 1908) at 1 %, since several settings are compared at once. A
// difference also has to be half a percent or more: smaller ones are nobody's concern.
#pragma once

#include <span>
#include <vector>

namespace ouro::report {

struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

/// Of at least one value.
Spread spread_of(std::vector<double> values);

enum class Difference { kLess, kMore, kWithinSpread };

/// Of the first to the second, round by round; within the spread where there are fewer than two
/// rounds. No value is negative; where all of one side are 0 and none of the other, they differ.
Difference difference(std::span<const double> values, std::span<const double> baseline);

}  // namespace ouro::report
