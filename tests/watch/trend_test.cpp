#include "watch/trend.hpp"

#include <gtest/gtest.h>

#include "watch/synthetic.hpp"

namespace ouro::watch {
namespace {

Trend trend_of_shapes(double seconds, std::vector<Shape> shapes, double distance = 1) {
  return trend_of(points_of(seconds, std::move(shapes), distance));
}

TEST(Trend, SaysNothingInTheFirstHalfMinute) {
  EXPECT_EQ(trend_of_shapes(29, {constant(100 * kMiB), ramp(kMiB)}).is, Trend::Is::kEarly);
  EXPECT_EQ(trend_of({}).is, Trend::Is::kEarly);
}

TEST(Trend, OfAConstantHasSettledForAllThatTime) {
  const Trend trend = trend_of_shapes(120, {constant(100 * kMiB)});
  EXPECT_EQ(trend.is, Trend::Is::kSettled);
  EXPECT_NEAR(trend.seconds, 120, 3);
}

TEST(Trend, OfARampGrowsAtItsRate) {
  const Trend trend = trend_of_shapes(120, {constant(50 * kMiB), ramp(kMiB / 10)});
  ASSERT_EQ(trend.is, Trend::Is::kGrows);
  EXPECT_NEAR(trend.seconds, 120, 1);
  EXPECT_NEAR(trend.per_second, kMiB / 10, kMiB / 500);
  EXPECT_NEAR(trend.change, 12 * kMiB, 0.5 * kMiB);
}

TEST(Trend, FindsASlowLeakInNoiseOnceItIsMoreThanTheNoise) {
  // 100 KiB a minute below noise of 300 KiB: an hour is 6 MiB.
  const auto shapes = [] {
    return std::vector<Shape>{constant(60 * kMiB), ramp(100.0 * 1024 / 60), noise(300 * 1024, 7)};
  };
  const Trend trend = trend_of_shapes(3600, shapes());
  ASSERT_EQ(trend.is, Trend::Is::kGrows);
  EXPECT_NEAR(trend.per_second, 100.0 * 1024 / 60, 30.0 * 1024 / 60);
}

TEST(Trend, OfNoiseNeverGrows) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const double seconds : {40.0, 100.0, 400.0, 2000.0}) {
      const Trend trend = trend_of_shapes(seconds, {constant(100 * kMiB), noise(2 * kMiB, seed)});
      EXPECT_NE(trend.is, Trend::Is::kGrows) << "seed " << seed << ", " << seconds << " s";
    }
  }
}

TEST(Trend, OfASawNeverGrowsOnceAToothHasBeenSeen) {
  for (const double height : {1.0, 10.0, 80.0}) {
    for (const double period : {3.0, 11.0, 47.0, 130.0}) {
      for (double seconds = std::max(31.0, 1.1 * period); seconds < 12 * period; seconds += 1) {
        const Trend trend =
            trend_of_shapes(seconds, {constant(100 * kMiB), saw(height * kMiB, period)});
        ASSERT_NE(trend.is, Trend::Is::kGrows)
            << height << " MiB, each " << period << " s, after " << seconds << " s";
        ASSERT_NE(trend.is, Trend::Is::kFalls)
            << height << " MiB, each " << period << " s, after " << seconds << " s";
      }
    }
  }
}

TEST(Trend, OfASawKnowsItsSwingAndPeriod) {
  const Trend trend = trend_of_shapes(200, {constant(100 * kMiB), saw(12 * kMiB, 15)});
  EXPECT_EQ(trend.is, Trend::Is::kSettled);
  EXPECT_NEAR(trend.swing, 12 * kMiB, kMiB);
  EXPECT_NEAR(trend.period, 15, 1);
}

TEST(Trend, FindsALeakBelowASaw) {
  const Trend trend =
      trend_of_shapes(400, {constant(100 * kMiB), saw(12 * kMiB, 15), ramp(kMiB / 20)});
  ASSERT_EQ(trend.is, Trend::Is::kGrows);
  EXPECT_NEAR(trend.per_second, kMiB / 20, kMiB / 100);
}

TEST(Trend, OfAStepDoesNotGrow) {
  for (double at = 1; at < 119; ++at) {
    const Trend trend = trend_of_shapes(120, {constant(100 * kMiB), step(30 * kMiB, at)});
    EXPECT_NE(trend.is, Trend::Is::kGrows) << "a step after " << at << " s";
  }
}

TEST(Trend, OfAWarmUpThatIsOverHasSettledSince) {
  const Trend trend = trend_of_shapes(600, {constant(20 * kMiB), warm_up(200 * kMiB, 60)});
  ASSERT_EQ(trend.is, Trend::Is::kSettled);
  EXPECT_GT(trend.seconds, 480);
  EXPECT_LT(trend.seconds, 590);
}

TEST(Trend, OfALinearWarmUpThatIsOverDoesNotGrow) {
  const auto shape = [](double t) { return 20 * kMiB + std::min(t, 100.0) * kMiB; };
  EXPECT_EQ(trend_of_shapes(99, {shape}).is, Trend::Is::kGrows);
  EXPECT_NE(trend_of_shapes(140, {shape}).is, Trend::Is::kGrows);
  EXPECT_EQ(trend_of_shapes(200, {shape}).is, Trend::Is::kSettled);
}

TEST(Trend, FindsALeakThatBeginsLate) {
  const Trend trend = trend_of_shapes(3600, {constant(100 * kMiB), ramp(kMiB / 10, 3500)});
  ASSERT_EQ(trend.is, Trend::Is::kGrows);
  EXPECT_LT(trend.seconds, 240);
}

TEST(Trend, FindsALeakAfterASaw) {
  // Garbage for ten minutes, then a leak that goes beyond what was given back before.
  const auto shape = [](double t) { return t < 600 ? saw(8 * kMiB, 40)(t) : (t - 600) * kMiB / 4; };
  EXPECT_EQ(trend_of_shapes(760, {constant(100 * kMiB), shape}).is, Trend::Is::kGrows);
}

TEST(Trend, GrowsInSteps) {
  // An allocator takes 4 MiB at a time.
  const auto shape = [](double t) { return std::floor(t / 20) * 4 * kMiB; };
  EXPECT_EQ(trend_of_shapes(600, {constant(100 * kMiB), shape}).is, Trend::Is::kGrows);
}

TEST(Trend, OfWhatIsGivenBackFalls) {
  const Trend trend = trend_of_shapes(120, {constant(300 * kMiB), ramp(-kMiB)});
  ASSERT_EQ(trend.is, Trend::Is::kFalls);
  EXPECT_NEAR(trend.change, -120 * kMiB, 5 * kMiB);
}

TEST(Trend, IsTheSameOfASeriesThatWasThinnedOut) {
  Series series;
  std::vector<Shape> shapes = {constant(100 * kMiB), saw(12 * kMiB, 15), ramp(kMiB / 50)};
  for (double t = 0; t < 30'000; ++t) {
    double value = 0;
    for (Shape& shape : shapes) value += shape(t);
    series.add({t, value});
  }
  EXPECT_LE(series.points().size(), Series::kMostPoints);
  EXPECT_EQ(series.points().front().seconds, 0);
  EXPECT_EQ(series.points().back().seconds, 29'999);
  const Trend trend = trend_of(series.points());
  ASSERT_EQ(trend.is, Trend::Is::kGrows);
  EXPECT_NEAR(trend.per_second, kMiB / 50, kMiB / 500);
}

}  // namespace
}  // namespace ouro::watch
