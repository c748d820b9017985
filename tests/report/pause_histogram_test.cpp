#include "report/pause_histogram.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace {

using namespace ouro::report;
using std::chrono::nanoseconds;

TEST(PauseHistogram, KnowsEachPauseToAThirtySecond) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t pause = random() >> (random() % 43 + 21);
    const std::uint64_t value = PauseHistogram::value_at(PauseHistogram::place_of(pause));
    const std::uint64_t away = value > pause ? value - pause : pause - value;
    EXPECT_LE(away * 32, pause) << pause;
  }
}

TEST(PauseHistogram, PutsLongerPausesNeverBeforeShorterOnes) {
  std::size_t last = 0;
  for (std::uint64_t pause = 0; pause < 100'000; ++pause) {
    const std::size_t place = PauseHistogram::place_of(pause);
    EXPECT_TRUE(place == last || place == last + 1) << pause;
    last = place;
  }
  EXPECT_LT(PauseHistogram::place_of(UINT64_MAX), PauseHistogram::kPlaces);
}

TEST(PauseHistogram, AnswersQuantilesByRank) {
  PauseHistogram pauses;
  for (int i = 1; i <= 100; ++i) pauses.add(nanoseconds(i));
  EXPECT_EQ(pauses.quantile(0.5)->count(), 50);
  EXPECT_EQ(pauses.quantile(1)->count(), 100);
  EXPECT_EQ(pauses.longest().count(), 100);
  EXPECT_EQ(pauses.count(), 100u);
}

TEST(PauseHistogram, HasNoQuantileAmongTheUnseen) {
  PauseHistogram pauses;
  EXPECT_FALSE(pauses.quantile(0.5));
  pauses.add_unseen(99);
  EXPECT_FALSE(pauses.quantile(0.5));
  pauses.add_unseen(1);
  pauses.see_unseen(nanoseconds(1000));
  EXPECT_EQ(pauses.count(), 100u);
  EXPECT_FALSE(pauses.quantile(0.99));
  EXPECT_EQ(pauses.quantile(1)->count(), 1000);
}

TEST(PauseHistogram, AddsUpOthers) {
  PauseHistogram one, other;
  one.add(nanoseconds(10), 3);
  other.add(nanoseconds(2'000'000));
  other.add_unseen(4);
  one.add(other);
  EXPECT_EQ(one.count(), 8u);
  EXPECT_EQ(one.unseen(), 4u);
  EXPECT_EQ(one.longest(), nanoseconds(2'000'000));
}

}  // namespace
