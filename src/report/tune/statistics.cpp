#include "report/tune/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace ouro::report {

namespace {

/// Of Student's distribution, two-sided, 1 %: for two rounds, three, ...
constexpr double kCritical[] = {63.66, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250,
                                3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878};
constexpr double kCriticalOfMany = 2.861;
constexpr double kLeastChange = 0.005;

double critical(std::size_t rounds) {
  return rounds - 2 < std::size(kCritical) ? kCritical[rounds - 2] : kCriticalOfMany;
}

bool is_zero(double value) {
  return value <= 0;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

Difference difference(std::span<const double> values, std::span<const double> baseline) {
  const std::size_t rounds = std::min(values.size(), baseline.size());
  if (rounds < 2) return Difference::kWithinSpread;
  values = values.first(rounds);
  baseline = baseline.first(rounds);
  const bool has_zero = std::ranges::any_of(values, is_zero);
  if (has_zero || std::ranges::any_of(baseline, is_zero)) {
    if (std::ranges::all_of(values, is_zero) && std::ranges::none_of(baseline, is_zero)) {
      return Difference::kLess;
    }
    if (std::ranges::all_of(baseline, is_zero) && std::ranges::none_of(values, is_zero)) {
      return Difference::kMore;
    }
    return Difference::kWithinSpread;
  }
  const auto count = static_cast<double>(rounds);
  double sum = 0;
  for (std::size_t i = 0; i < rounds; ++i) sum += std::log(values[i] / baseline[i]);
  const double mean = sum / count;
  double squares = 0;
  for (std::size_t i = 0; i < rounds; ++i) {
    squares += std::pow(std::log(values[i] / baseline[i]) - mean, 2);
  }
  const double error_of_mean = std::sqrt(squares / (count - 1) / count);
  const bool is_real =
      std::abs(mean) >= kLeastChange && std::abs(mean) > critical(rounds) * error_of_mean;
  if (!is_real) return Difference::kWithinSpread;
  return mean < 0 ? Difference::kLess : Difference::kMore;
}

}  // namespace ouro::report
