// A number over time, in bounded memory.
//
// When it is full, of each two neighbours the lower one stays, at its time: what is asked of a long
// series is its shape and its troughs (trend.hpp), and those are kept exactly. So an hour at one
// point a second is 1800 points, and ten hours are no more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ouro::watch {

struct Point {
  double seconds = 0;  ///< since the watch began
  double value = 0;
};

class Series {
 public:
  static constexpr std::size_t kMostPoints = 3600;

  /// Precondition: later than what was added before.
  void add(Point point) {
    if (points_.size() == kMostPoints) halve();
    points_.push_back(point);
  }
  void clear() { points_.clear(); }
  const std::vector<Point>& points() const { return points_; }
  bool empty() const { return points_.empty(); }

 private:
  void halve() {
    // The first one stays: growth is counted from it. So does the last, which is now.
    std::size_t kept = 1;
    for (std::size_t at = 1; at + 2 < points_.size(); at += 2) {
      points_[kept++] = std::min(points_[at], points_[at + 1],
                                 [](const Point& a, const Point& b) { return a.value < b.value; });
    }
    points_[kept++] = points_.back();
    points_.resize(kept);
  }

  std::vector<Point> points_;
};

}  // namespace ouro::watch
