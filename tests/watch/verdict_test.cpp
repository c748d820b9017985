#include "watch/verdict.hpp"

#include <gtest/gtest.h>

#include "watch/synthetic.hpp"
#include "watch/words.hpp"

namespace ouro::watch {
namespace {

Series series_of(double seconds, std::vector<Shape> shapes, double distance) {
  Series series;
  for (const Point& point : points_of(seconds, std::move(shapes), distance)) series.add(point);
  return series;
}

TypeGrowth types_growing(double seconds) {
  TypeGrowth types;
  for (double t = 0; t <= seconds; t += 2) {
    const auto count = static_cast<std::uint64_t>(t);
    types.add(t, {{"Connection", 100 + 3 * count, (100 + 3 * count) * 48},
                  {"dict", 5000 + 3 * count, (5000 + 3 * count) * 400},
                  {"str", 9000, 900'000}});
  }
  return types;
}

Verdict verdict_of_shapes(double seconds, std::vector<Shape> memory, std::vector<Shape> objects,
                          const TypeGrowth& types = {}) {
  return verdict_of(series_of(seconds, std::move(memory), 1),
                    series_of(seconds, std::move(objects), 2), types);
}

TEST(Verdict, NamesTheClassesThatGrowWithTheMemory) {
  const TypeGrowth types = types_growing(300);  // whose names the verdict has
  const Verdict verdict =
      verdict_of_shapes(300, {constant(50 * kMiB), ramp(kMiB / 4), noise(50 * 1024, 1)},
                        {constant(20 * kMiB), ramp(kMiB / 5)}, types);
  ASSERT_EQ(verdict.is, Verdict::Is::kObjectsGrow);
  ASSERT_GE(verdict.grown.size(), 2u);
  EXPECT_EQ(verdict.grown[0].type, "Connection");  // dicts take more bytes, but say less
  EXPECT_NEAR(static_cast<double>(verdict.grown[0].objects), 900, 40);
  EXPECT_FALSE(verdict.is_early);
  const std::string words = sentence_of(verdict);
  EXPECT_NE(words.find("and objects with it: Connection (+"), std::string::npos) << words;
}

TEST(Verdict, OfANativeLeakSaysThatObjectsDoNotGrow) {
  const Verdict verdict = verdict_of_shapes(300, {constant(50 * kMiB), ramp(kMiB / 4)},
                                            {constant(20 * kMiB), noise(10 * 1024, 3)});
  ASSERT_EQ(verdict.is, Verdict::Is::kNativeGrows);
  EXPECT_NE(sentence_of(verdict).find("native leak, or fragmentation"), std::string::npos);
  EXPECT_NE(sentence_of(verdict).find("they explain 0 %"), std::string::npos)
      << sentence_of(verdict);
}

TEST(Verdict, SaysWhatShareObjectsExplain) {
  const Verdict verdict = verdict_of_shapes(300, {constant(50 * kMiB), ramp(kMiB)},
                                            {constant(20 * kMiB), ramp(0.3 * kMiB)});
  ASSERT_EQ(verdict.is, Verdict::Is::kPartlyObjectsGrow);
  EXPECT_NE(sentence_of(verdict).find("objects explain 30 % of it"), std::string::npos)
      << sentence_of(verdict);
}

TEST(Verdict, OfObjectsThatGrowIntoWhatThereIs) {
  const Verdict verdict =
      verdict_of_shapes(300, {constant(500 * kMiB)}, {constant(20 * kMiB), ramp(kMiB / 10)});
  EXPECT_EQ(verdict.is, Verdict::Is::kObjectsGrowInside);
}

TEST(Verdict, OfObjectsThatHaveGone) {
  const Verdict verdict =
      verdict_of_shapes(300, {constant(500 * kMiB)}, {constant(400 * kMiB), ramp(-kMiB)});
  EXPECT_EQ(verdict.is, Verdict::Is::kKept);
}

TEST(Verdict, OfGarbageIsNoAlarm) {
  for (double seconds = 80; seconds < 500; seconds += 7) {
    const Verdict verdict =
        verdict_of_shapes(seconds, {constant(100 * kMiB), saw(10 * kMiB, 23), noise(90'000, 2)},
                          {constant(60 * kMiB), saw(8 * kMiB, 23)});
    EXPECT_FALSE(verdict.grows()) << seconds << " s: " << sentence_of(verdict);
  }
}

TEST(Words, SayWhetherItMayBeGarbage) {
  const TypeGrowth types = types_growing(60);
  Verdict verdict = verdict_of_shapes(60, {constant(50 * kMiB), ramp(kMiB / 4)},
                                      {constant(20 * kMiB), ramp(kMiB / 5)}, types);
  ASSERT_EQ(verdict.is, Verdict::Is::kObjectsGrow);
  EXPECT_NE(sentence_of(verdict).find("So far"), std::string::npos);
  verdict.full_collections = 0;
  EXPECT_NE(sentence_of(verdict).find("it may be garbage that waits"), std::string::npos);
  verdict.full_collections = 1;
  EXPECT_EQ(sentence_of(verdict).find("garbage"), std::string::npos);
}

TEST(Words, SayThatTheCollectorIsOffUntilItWasCalled) {
  const TypeGrowth types = types_growing(60);
  Verdict verdict = verdict_of_shapes(60, {constant(50 * kMiB), ramp(kMiB / 4)},
                                      {constant(20 * kMiB), ramp(kMiB / 5)}, types);
  verdict.is_collector_off = true;
  EXPECT_NE(sentence_of(verdict).find("Its collector is off (gc.disable())"), std::string::npos)
      << "where nobody counts its collections";
  verdict.full_collections = 0;
  EXPECT_NE(sentence_of(verdict).find("Its collector is off"), std::string::npos);
  verdict.full_collections = 1;
  EXPECT_EQ(sentence_of(verdict).find("garbage"), std::string::npos) << "somebody collects by hand";
}

TEST(Verdict, WaitsForEnoughLooks) {
  const Verdict verdict = verdict_of(series_of(100, {constant(kMiB), ramp(kMiB)}, 1),
                                     series_of(100, {constant(kMiB), ramp(kMiB)}, 30), {});
  EXPECT_EQ(verdict.is, Verdict::Is::kEarly);
}

TEST(Words, OfTimes) {
  EXPECT_EQ(duration_text(59.6), "59 s");
  EXPECT_EQ(duration_text(200), "3 min");
  EXPECT_EQ(duration_text(2 * 3600), "2 h");
  EXPECT_EQ(duration_text(12'000), "3 h 20 min");
}

}  // namespace
}  // namespace ouro::watch
