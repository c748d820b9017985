// Series as programs make them, for tests of trends: each is a sum of parts.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "watch/series.hpp"

namespace ouro::watch {

inline constexpr double kMiB = 1024 * 1024;

using Shape = std::function<double(double seconds)>;

inline Shape constant(double value) {
  return [=](double) { return value; };
}
inline Shape ramp(double per_second, double from = 0) {
  return [=](double t) { return t < from ? 0 : (t - from) * per_second; };
}
inline Shape step(double height, double at) {
  return [=](double t) { return t < at ? 0 : height; };
}
/// Rises to `height` in each period, then falls to 0 at once: garbage until it is collected.
inline Shape saw(double height, double period) {
  return [=](double t) { return height * std::fmod(t, period) / period; };
}
/// Rises for `seconds`, quickly at first.
inline Shape warm_up(double height, double seconds) {
  return [=](double t) { return height * (1 - std::exp(-5 * t / seconds)); };
}
/// Each value by itself.
inline Shape noise(double deviation, std::uint64_t seed) {
  return [deviation, generator = std::mt19937_64(seed)](double) mutable {
    return std::normal_distribution<double>(0, deviation)(generator);
  };
}

/// A value a second (or each `distance`) from 0 to `seconds`.
inline std::vector<Point> points_of(double seconds, std::vector<Shape> shapes,
                                    double distance = 1) {
  std::vector<Point> points;
  for (double t = 0; t <= seconds; t += distance) {
    double value = 0;
    for (Shape& shape : shapes) value += shape(t);
    points.push_back({t, value});
  }
  return points;
}

}  // namespace ouro::watch
