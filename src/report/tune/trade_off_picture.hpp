// The trade-off as an SVG picture: a row for each setting, and beside each other what it costs in
// time, in pauses and in memory: the median as a dot, the spread over the rounds as a line, the
// default's median as a line from top to bottom. Readable on light and dark.
#pragma once

#include <string>
#include <vector>

#include "report/tune/comparison.hpp"
#include "report/tune/recommendation.hpp"

namespace ouro::report {

/// Precondition: at least one setting.
std::string trade_off_svg(const std::string& title, const std::vector<ComparedSetting>& settings,
                          const Recommendations& recommendations);

}  // namespace ouro::report
