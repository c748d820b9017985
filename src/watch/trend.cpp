#include "watch/trend.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace ouro::watch {

namespace {

constexpr std::size_t kSegments = 8;
constexpr std::size_t kFewestSegments = 5;
constexpr double kThresholdOfTeeth = 0.1;
constexpr double kMostOfRisingTooth = 1.5;
constexpr double kMostOfOneStep = 0.45;
constexpr double kLeastOfLastSteps = 0.15;
constexpr double kScatterOfChance = 8;
constexpr double kSwingOfChance = 0.4;

/// Mann-Kendall's S that chance reaches less than once in a hundred times, one-sided, by the number
/// of values: Kendall's table.
constexpr std::array<int, kSegments + 1> kLeastS = {0, 0, 0, 0, 0, 10, 13, 17, 20};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double floor_of(std::span<const Point> points, const TrendOptions& options) {
  return std::max(options.least_change, options.least_share * std::abs(points.back().value));
}

struct Teeth {
  double swing = 0;
  double period = 0;
  /// Since the last trough, where what has risen since is no tooth any more.
  double rising_seconds = 0;
};

/// The zigzag: a high is one when the value has fallen by the threshold since, a trough one when it
/// has risen by it. What only falls, or falls in steps, has no teeth.
Teeth find_teeth(std::span<const Point> points, double threshold) {
  Teeth teeth;
  Point high = points.front();
  Point low = points.front();
  bool is_rising = true;
  bool has_risen = false;
  double last_trough = points.front().seconds;
  for (const Point& point : points) {
    if (is_rising) {
      if (point.value >= high.value) high = point;
      has_risen = has_risen || high.value - low.value >= threshold;
      if (high.value - point.value < threshold) continue;
      is_rising = false;
      low = point;
    }
    if (point.value <= low.value) low = point;
    if (has_risen) teeth.swing = std::max(teeth.swing, high.value - low.value);
    if (point.value - low.value < threshold) continue;
    teeth.swing = std::max(teeth.swing, high.value - low.value);
    teeth.period = std::max(teeth.period, low.seconds - last_trough);
    last_trough = low.seconds;
    is_rising = has_risen = true;
    high = point;
  }
  const bool is_tooth = points.back().value - low.value <= kMostOfRisingTooth * teeth.swing;
  if (teeth.swing > 0) {
    const double since = points.back().seconds - last_trough;
    (is_tooth ? teeth.period : teeth.rising_seconds) =
        is_tooth ? std::max(teeth.period, since) : since;
  }
  return teeth;
}

/// The least value of each segment of the last `seconds`, the oldest first. Segments without a
/// point are left out.
std::vector<Point> levels_of(std::span<const Point> points, double seconds, std::size_t count) {
  const double end = points.back().seconds;
  const double length = seconds / static_cast<double>(count);
  std::vector<Point> levels(count, {0, std::numeric_limits<double>::infinity()});
  for (const Point& point : points) {
    const double before_end = end - point.seconds;
    if (before_end > seconds) continue;
    const auto back = std::min(static_cast<std::size_t>(before_end / length), count - 1);
    Point& level = levels[count - 1 - back];
    if (point.value < level.value) level = point;
  }
  std::erase_if(levels, [](const Point& level) { return std::isinf(level.value); });
  return levels;
}

/// Mann-Kendall's S: pairs that rise less pairs that fall.
int rises_less_falls(std::span<const Point> levels) {
  int s = 0;
  for (std::size_t later = 1; later < levels.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      s += (levels[later].value > levels[earlier].value) -
           (levels[later].value < levels[earlier].value);
    }
  }
  return s;
}

/// Theil-Sen: the median of the slopes of all pairs.
double slope_of(std::span<const Point> levels) {
  std::vector<double> slopes;
  for (std::size_t later = 1; later < levels.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const double time = levels[later].seconds - levels[earlier].seconds;
      if (time > 0) slopes.push_back((levels[later].value - levels[earlier].value) / time);
    }
  }
  return median(std::move(slopes));
}

/// The median distance from a line of that slope.
double scatter_of(std::span<const Point> levels, double slope) {
  std::vector<double> rests;
  for (const Point& level : levels) rests.push_back(level.value - slope * level.seconds);
  const double middle = median(rests);
  for (double& rest : rests) rest = std::abs(rest - middle);
  return median(std::move(rests));
}

/// 1: the levels grow as trend.hpp says, -1: they fall, 0: neither.
int direction_of(std::span<const Point> levels, double slope, double least_change) {
  if (levels.size() < kFewestSegments) return 0;
  const int s = rises_less_falls(levels);
  if (std::abs(s) < kLeastS[levels.size()]) return 0;
  const int sign = s > 0 ? 1 : -1;
  const double time = levels.back().seconds - levels.front().seconds;
  const double change = sign * slope * time;
  if (change <= least_change || change <= kScatterOfChance * scatter_of(levels, slope)) return 0;
  double largest = 0;
  for (std::size_t at = 1; at < levels.size(); ++at) {
    largest = std::max(largest, sign * (levels[at].value - levels[at - 1].value));
  }
  const double whole = sign * (levels.back().value - levels.front().value);
  if (largest > kMostOfOneStep * whole) return 0;
  const double last = sign * (levels.back().value - levels[levels.size() - 3].value);
  return last >= kLeastOfLastSteps * whole ? sign : 0;
}

std::size_t points_within(std::span<const Point> points, double seconds) {
  const double begin = points.back().seconds - seconds;
  return static_cast<std::size_t>(
      std::ranges::count_if(points, [&](const Point& point) { return point.seconds >= begin; }));
}

/// How long the levels have stayed within `room`.
double flat_seconds(std::span<const Point> points, double period, double room) {
  const double window = points.back().seconds - points.front().seconds;
  constexpr double kFinest = 64;
  const double length = std::max(window / kFinest, period);
  if (length <= 0) return 0;
  const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(window / length));
  const std::vector<Point> levels = levels_of(points, static_cast<double>(count) * length, count);
  double low = levels.back().value;
  double high = low;
  double begin = levels.back().seconds;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    low = std::min(low, level->value);
    high = std::max(high, level->value);
    if (high - low > room) break;
    begin = level->seconds;
  }
  return points.back().seconds - begin;
}

}  // namespace

Trend trend_of(std::span<const Point> points, const TrendOptions& options) {
  Trend trend;
  if (points.size() < options.least_points) return trend;
  const double window = points.back().seconds - points.front().seconds;
  if (window < options.least_seconds) return trend;

  const auto [least, most] = std::ranges::minmax(points, {}, &Point::value);
  const double floor = floor_of(points, options);
  const Teeth teeth =
      find_teeth(points, std::max(floor, kThresholdOfTeeth * (most.value - least.value)));
  trend.swing = teeth.swing;
  trend.period = teeth.swing > 0 ? teeth.period : 0;

  std::vector<double> windows = {teeth.rising_seconds};
  for (double seconds = window; seconds >= options.least_seconds; seconds /= 2) {
    windows.push_back(seconds);
  }
  std::ranges::sort(windows, std::ranges::greater{});
  const double least_change = std::max(floor, kSwingOfChance * teeth.swing);
  bool is_judged = false;
  for (const double seconds : windows) {
    if (seconds < options.least_seconds || points_within(points, seconds) < options.least_points) {
      break;
    }
    std::size_t count = kSegments;
    if (trend.period > 0 && seconds > teeth.rising_seconds) {
      count = std::min(count, static_cast<std::size_t>(seconds / trend.period));
    }
    if (count < kFewestSegments) continue;
    is_judged = true;
    const std::vector<Point> levels = levels_of(points, seconds, count);
    const double slope = slope_of(levels);
    const int direction = direction_of(levels, slope, least_change);
    if (direction == 0) continue;
    trend.is = direction > 0 ? Trend::Is::kGrows : Trend::Is::kFalls;
    trend.seconds = seconds;
    trend.per_second = slope;
    trend.change = slope * seconds;
    return trend;
  }
  const double flat = flat_seconds(points, trend.period, floor);
  if (flat >= options.least_seconds && flat >= 2 * trend.period) {
    trend.is = Trend::Is::kSettled;
    trend.seconds = flat;
  } else if (is_judged) {
    trend.is = Trend::Is::kMoves;
    trend.seconds = window;
    trend.change = change_within(points, window);
  }
  return trend;
}

double change_within(std::span<const Point> points, double seconds) {
  if (points.size() < 2) return 0;
  seconds = std::min(seconds, points.back().seconds - points.front().seconds);
  if (seconds <= 0) return 0;
  return slope_of(levels_of(points, seconds, kSegments)) * seconds;
}

}  // namespace ouro::watch
