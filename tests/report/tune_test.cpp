// Measured runs, made up: whether what is said of them follows.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "report/table.hpp"
#include "report/tune/trade_off_picture.hpp"
#include "report/tune/tuning.hpp"

namespace {

using namespace ouro::report;
using std::chrono::milliseconds;

CollectorSetting threshold(std::int64_t number) {
  return {.thresholds = {number}};
}

/// One round; the collector takes `collector` of the `processor` seconds.
MeasuredRun run(double processor, double collector, milliseconds longest, std::uint64_t mebibytes) {
  MeasuredRun run;
  run.processor_seconds = processor;
  run.wall_seconds = processor;
  run.peak_bytes = mebibytes << 20;
  run.python_version = 0x030B02F0;
  MeasuredRun::Generation& young = run.generations[0];
  young.collections = 10;
  young.collected = 1000;
  young.seconds = collector;
  young.pauses.add(longest / 10, 9);
  young.pauses.add(longest);
  return run;
}

/// Five rounds that differ by a percent or so, each round as much as the other settings'.
SettingRuns rounds(CollectorSetting setting, double processor, double collector,
                   milliseconds longest, std::uint64_t mebibytes) {
  SettingRuns runs{std::move(setting), {}, {}};
  for (const double noise : {1.0, 1.01, 0.995, 1.02, 1.003}) {
    runs.runs.push_back(run(processor * noise, collector * noise, longest, mebibytes));
  }
  // Not quite as much: else there would be no spread.
  runs.runs[1].processor_seconds *= 1.002;
  return runs;
}

TEST(Statistics, HasMedianLeastAndMost) {
  const Spread odd = spread_of({3, 1, 2});
  EXPECT_EQ(odd.median, 2);
  EXPECT_EQ(odd.least, 1);
  EXPECT_EQ(odd.most, 3);
  EXPECT_EQ(spread_of({4, 1, 2, 3}).median, 2.5);
}

TEST(Statistics, SeesADifferenceThroughNoiseThatRoundsShare) {
  const std::vector<double> noisy{1.0, 1.5, 0.7, 1.2, 2.0};
  std::vector<double> less;
  for (const double value : noisy) less.push_back(value * 0.95);
  less[0] *= 1.005;
  EXPECT_EQ(difference(less, noisy), Difference::kLess);
  EXPECT_EQ(difference(noisy, less), Difference::kMore);
}

TEST(Statistics, CallsNoiseNoise) {
  const std::vector<double> one{1.0, 1.1, 0.9, 1.05, 0.95};
  const std::vector<double> other{0.95, 1.0, 1.1, 0.9, 1.0};
  EXPECT_EQ(difference(one, other), Difference::kWithinSpread);
  EXPECT_EQ(difference(one, one), Difference::kWithinSpread);
  EXPECT_EQ(difference(std::vector<double>{1}, std::vector<double>{2}), Difference::kWithinSpread);
}

TEST(Statistics, TellsNoneFromSome) {
  const std::vector<double> none{0, 0, 0}, some{1, 2, 3}, mixed{0, 1, 2};
  EXPECT_EQ(difference(none, some), Difference::kLess);
  EXPECT_EQ(difference(some, none), Difference::kMore);
  EXPECT_EQ(difference(none, none), Difference::kWithinSpread);
  EXPECT_EQ(difference(mixed, some), Difference::kWithinSpread);
}

TEST(CollectorSetting, SaysItsNameItsCodeAndItsWords) {
  EXPECT_EQ(name_of({}), "default");
  EXPECT_TRUE(code_of({}).empty());
  EXPECT_EQ(words_of({}), "");
  const CollectorSetting both{.thresholds = {10'000, 10, 100}, .freeze = "imports"};
  EXPECT_EQ(name_of(both), "freeze + thresholds 10,000 10 100");
  EXPECT_EQ(code_of(both)[1], "gc.set_threshold(10_000, 10, 100)");
  EXPECT_EQ(code_of(both)[2], "gc.collect(); gc.freeze()  # after the imports");
  EXPECT_EQ(words_of(both), "threshold=10000,10,100;freeze=imports");
  const CollectorSetting by_hand{.is_disabled = true, .collect = "app:frame"};
  EXPECT_EQ(name_of(by_hand), "collect after app:frame");
  EXPECT_EQ(words_of(by_hand), "disable=1;collect=app:frame");
}

TEST(Recommendations, TakeWhatSavesTimeAtLittleMemory) {
  const std::vector<SettingRuns> settings{
      rounds({}, 1.0, 0.2, milliseconds(10), 100),
      rounds(threshold(10'000), 0.9, 0.1, milliseconds(12), 110),
      rounds(threshold(100'000), 0.8, 0.05, milliseconds(30), 200)};
  const Recommendations taken = recommend(compare(settings));
  ASSERT_TRUE(taken.for_time);
  EXPECT_EQ(taken.for_time->setting, 1u) << "the other takes twice the memory";
  EXPECT_NE(taken.for_time->why.find("10.0 % less processor time"), std::string::npos)
      << taken.for_time->why;
  EXPECT_NE(taken.for_time->why.find("rises from 10.0 ms to 12.0 ms"), std::string::npos)
      << taken.for_time->why;
  EXPECT_EQ(taken.for_time->code,
            (std::vector<std::string>{"import gc", "gc.set_threshold(10_000)"}));
  EXPECT_FALSE(taken.for_pauses);
}

TEST(Recommendations, NameAnotherForPauses) {
  const std::vector<SettingRuns> settings{
      rounds({}, 1.0, 0.2, milliseconds(10), 100),
      rounds(threshold(10'000), 0.9, 0.1, milliseconds(12), 100),
      rounds({.freeze = "imports"}, 1.0, 0.19, milliseconds(3), 100)};
  const Recommendations taken = recommend(compare(settings));
  ASSERT_TRUE(taken.for_time && taken.for_pauses);
  EXPECT_EQ(taken.for_time->setting, 1u);
  EXPECT_EQ(taken.for_pauses->setting, 2u);
}

TEST(Recommendations, LeaveAloneWhatIsWithinTheSpread) {
  std::vector<SettingRuns> settings{rounds({}, 1.0, 0.01, milliseconds(2), 100),
                                    rounds(threshold(10'000), 1.0, 0.01, milliseconds(2), 100)};
  settings[1].runs[2].processor_seconds *= 0.9;
  const Recommendations taken = recommend(compare(settings));
  EXPECT_FALSE(taken.for_time);
  EXPECT_FALSE(taken.for_pauses);
  ASSERT_FALSE(taken.remarks.empty());
  EXPECT_NE(taken.remarks[0].find("leave the collector as it is"), std::string::npos);
}

TEST(Recommendations, NeverTakeADisabledCollector) {
  const std::vector<SettingRuns> settings{
      rounds({}, 1.0, 0.2, milliseconds(10), 100),
      rounds({.is_disabled = true}, 0.8, 0, milliseconds(0), 101)};
  const Recommendations taken = recommend(compare(settings));
  EXPECT_FALSE(taken.for_time);
  EXPECT_NE(taken.remarks.back().find("no setting can save more"), std::string::npos);
}

TEST(Recommendations, SeeWhatTheSpreadOfTheWholeHides) {
  std::vector<SettingRuns> settings{rounds({}, 1.0, 0.2, milliseconds(10), 100),
                                    rounds(threshold(10'000), 0.97, 0.15, milliseconds(10), 100)};
  settings[1].runs[0].processor_seconds = 1.2;
  const Recommendations taken = recommend(compare(settings));
  ASSERT_TRUE(taken.for_time);
  EXPECT_NE(taken.for_time->why.find("which the spread of the whole hides"), std::string::npos);
}

TEST(Tuning, SaysWhichCycleToCutAndWhatThatSaves) {
  Tuning tuning;
  tuning.words = {"python3", "dungeon.py"};
  tuning.settings = {rounds({}, 1.0, 0.2, milliseconds(10), 100)};
  tuning.cycles = CycleSavings{.objects = 1000, .bytes = 50'000, .rows = {}};
  tuning.cycles->rows.push_back(
      {"Monster._dungeon", "Dungeon._monsters -> Monster._dungeon ->", 10, 980, 980, 49'000});
  tuning.cycles->rows.push_back({"Other.self", "Other.self ->", 20, 20, 20, 1'000});
  const auto advice = cut_advice(tuning);
  ASSERT_EQ(advice.size(), 1u) << "what is 2 % is not worth it";
  EXPECT_NE(advice[0].find("Cut Monster._dungeon"), std::string::npos);
  EXPECT_NE(advice[0].find("98.0 % of what the collector frees"), std::string::npos);
  EXPECT_NE(advice[0].find("up to 197 ms of the 201 ms"), std::string::npos) << advice[0];
}

TEST(Tuning, ShowsASettingThatDidNotRun) {
  Tuning tuning;
  tuning.words = {"app"};
  tuning.rounds_wanted = 5;
  tuning.settings = {rounds({}, 1.0, 0.2, milliseconds(10), 100),
                     {{.is_disabled = true}, {}, "was stopped at 2.0 GiB of memory"}};
  EXPECT_NE(to_text(tuning, 200).find("`disabled`: was stopped at 2.0 GiB of memory."),
            std::string::npos);
  EXPECT_EQ(to_json(tuning)["failed"][0]["name"], "disabled");
}

TEST(Tuning, FitsATerminalOfEightyColumns) {
  Tuning tuning;
  tuning.words = {"app"};
  tuning.settings = {rounds({}, 1.0, 0.2, milliseconds(10), 100),
                     rounds({.thresholds = {10'000, 10, 10}, .freeze = "imports"}, 0.9, 0.2,
                            milliseconds(10), 100)};
  const std::string wide = to_text(tuning, 200);
  for (const char* title : {"collector  ", "share  ", "p50  ", "p99  ", "memory  "}) {
    EXPECT_NE(wide.find(title), std::string::npos) << title;
  }
  std::istringstream lines(to_text(tuning, 80));
  std::string line;
  while (std::getline(lines, line)) EXPECT_LE(width_of(line), 80u) << line;
  EXPECT_NE(lines.str().find("p99  "), std::string::npos) << lines.str();
  EXPECT_EQ(lines.str().find("p50  "), std::string::npos) << lines.str();
}

TEST(TradeOffPicture, IsWellFormedWhateverSettingsAreCalled) {
  std::vector<SettingRuns> settings{
      rounds({}, 1.0, 0.2, milliseconds(10), 100),
      rounds({.freeze = "call:a:<b>&\"c"}, 1, 0.1, milliseconds(1), 5)};
  const auto compared = compare(settings);
  const std::string svg = trade_off_svg("a < b & c", compared, recommend(compared));
  EXPECT_NE(svg.find("freeze at a:&lt;b&gt;&amp;&quot;c"), std::string::npos);
  EXPECT_EQ(svg.find("a < b"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

// By a width of characters that few fonts exceed: a picture is drawn by whatever font is there.
TEST(TradeOffPicture, HasRoomForItsWords) {
  const std::vector<SettingRuns> settings{rounds({}, 1.0, 0.2, milliseconds(10), 100)};
  const auto compared = compare(settings);
  const std::string svg = trade_off_svg("app", compared, recommend(compared));
  const auto texts = [&](const std::string& pattern) {
    const std::regex expression(pattern);
    std::vector<std::pair<double, std::string>> found;
    for (std::sregex_iterator at(svg.begin(), svg.end(), expression), end; at != end; ++at) {
      found.emplace_back(std::stod((*at)[1]), (*at)[2]);
    }
    return found;
  };
  const auto heads = texts("<text x=\"([0-9.]+)\" y=\"[0-9.]+\" class=\"head\">([^<]*)<");
  ASSERT_EQ(heads.size(), 3u);
  for (std::size_t at = 0; at + 1 < heads.size(); ++at) {
    const double room = heads[at + 1].first - heads[at].first;
    EXPECT_LE(static_cast<double>(heads[at].second.size()) * 9.5, room) << heads[at].second;
  }
  const double width = texts("viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"").at(0).first;
  const auto notes = texts("<text x=\"(24.0)\" y=\"[0-9.]+\" class=\"quiet\">([^<]*)<");
  ASSERT_EQ(notes.size(), 2u);
  for (const auto& [left, text] : notes) {
    EXPECT_LE(left + static_cast<double>(text.size()) * 7, width) << text;
  }
}

TEST(TradeOffPicture, DrawsASingleRoundWithoutCollections) {
  SettingRuns runs{{}, {MeasuredRun{}}, {}};
  const std::vector<SettingRuns> settings{runs};
  const auto compared = compare(settings);
  const std::string svg = trade_off_svg("app", compared, recommend(compared));
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_NE(svg.find("none"), std::string::npos);
}

}  // namespace
