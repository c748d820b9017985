#include "report/collector.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace ouro::report;
using std::chrono::milliseconds;

/// Watched for ten seconds.
CollectorSummary calm() {
  CollectorSummary summary;
  summary.is_enabled = true;
  summary.watched_seconds = 10;
  summary.period = std::chrono::microseconds(100);
  summary.generations[0].threshold = 700;
  summary.generations[1].threshold = 10;
  summary.generations[2].threshold = 10;
  return summary;
}

void collect(CollectedGeneration& generation, std::int64_t times, double seconds_each,
             std::int64_t freed) {
  generation.collections_watched += times;
  generation.collected_watched += freed;
  generation.last_in_vain = freed == 0 ? times : 0;
  generation.paused_seconds += seconds_each * static_cast<double>(times);
  generation.pauses.add(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds_each * 1e9)),
                        static_cast<std::uint64_t>(times));
}

std::string advice_of(const CollectorSummary& summary) {
  std::string text;
  for (const std::string& sentence : collector_advice(summary)) text += sentence + '\n';
  return text;
}

TEST(CollectorAdvice, LeavesAloneWhatTakesNoTime) {
  CollectorSummary summary = calm();
  collect(summary.generations[0], 100, 50e-6, 0);
  EXPECT_NE(advice_of(summary).find("nothing to gain"), std::string::npos);
}

TEST(CollectorAdvice, NamesALongPauseThatTakesLittleTime) {
  CollectorSummary summary = calm();
  collect(summary.generations[2], 1, 0.05, 0);
  EXPECT_NE(advice_of(summary).find("The longest pause, 50.0 ms"), std::string::npos);
}

TEST(CollectorAdvice, FreezesWhereFullCollectionsFreeNothing) {
  CollectorSummary summary = calm();
  collect(summary.generations[2], 14, 0.1, 0);
  const std::string advice = advice_of(summary);
  EXPECT_NE(advice.find("Full collections take 14.0 % of the time, 100 ms each, and none of the 14 "
                        "seen freed anything"),
            std::string::npos)
      << advice;
  EXPECT_NE(advice.find("gc.freeze()"), std::string::npos);
}

TEST(CollectorAdvice, RaisesTheThresholdOfYoungCollections) {
  CollectorSummary summary = calm();
  collect(summary.generations[0], 10'000, 0.2e-3, 0);
  EXPECT_NE(advice_of(summary).find("gc.set_threshold(7000, 10, 10)"), std::string::npos);
}

TEST(CollectorAdvice, BlamesCyclesWhereMostIsFreed) {
  CollectorSummary summary = calm();
  collect(summary.generations[0], 10'000, 0.2e-3, 6'500'000);
  const std::string advice = advice_of(summary);
  EXPECT_NE(advice.find("it is the cycles that cost"), std::string::npos) << advice;
  EXPECT_NE(advice.find("frees 650,000 objects a second"), std::string::npos) << advice;
}

TEST(CollectorAdvice, SaysThatADisabledCollectorLetsCyclesGather) {
  CollectorSummary summary = calm();
  summary.is_enabled = false;
  EXPECT_NE(advice_of(summary).find("Automatic collection is disabled"), std::string::npos);
}

TEST(CollectorText, NamesTheInterpreterItIsAbout) {
  CollectorSummary summary = calm();
  summary.process = 4711;
  summary.other_interpreters = 2;
  EXPECT_NE(to_text(summary, 100).find("its main interpreter"), std::string::npos);
}

TEST(Seconds, AreWrittenWithThreeDigits) {
  EXPECT_EQ(format_seconds(0), "0");
  EXPECT_EQ(format_seconds(12e-6), "12 us");
  EXPECT_EQ(format_seconds(0.00031), "0.31 ms");
  EXPECT_EQ(format_seconds(0.0315), "31.5 ms");
  EXPECT_EQ(format_seconds(0.315), "315 ms");
  EXPECT_EQ(format_seconds(1.2), "1.20 s");
  EXPECT_EQ(format_seconds(75), "75.0 s");
  EXPECT_EQ(format_seconds(750), "750 s");
}

}  // namespace
