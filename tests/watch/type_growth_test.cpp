#include "watch/type_growth.hpp"

#include <gtest/gtest.h>

#include "watch/pace.hpp"
#include "watch/type_changes.hpp"

namespace ouro::watch {
namespace {

using Types = std::vector<python::heap::NamedTotal>;

const TypeRow* find_row(const std::vector<TypeRow>& rows, std::string_view type) {
  for (const TypeRow& row : rows) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

TEST(TypeGrowth, CountsSinceTheStartAndSinceTheLastLook) {
  TypeGrowth types;
  types.add(0, Types{{"A", 10, 1000}, {"B", 5, 50}});
  types.add(2, Types{{"A", 12, 1200}, {"C", 1, 7}});
  types.add(4, Types{{"A", 13, 1300}, {"C", 1, 7}});
  const auto rows = types.rows(TypeOrder::kGrowth);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].type, "A");
  EXPECT_EQ(rows[0].objects_since_start, 3);
  EXPECT_EQ(rows[0].bytes_since_last, 100);
  EXPECT_EQ(rows[1].type, "C");
  EXPECT_EQ(rows[1].objects_since_start, 1);
  EXPECT_EQ(rows[1].objects_since_last, 0);
  EXPECT_EQ(rows[2].type, "B");  // all gone
  EXPECT_EQ(rows[2].bytes_since_start, -50);
}

TEST(TypeGrowth, CountsAnewAfterARestart) {
  TypeGrowth types;
  types.add(0, Types{{"A", 10, 1000}});
  types.add(2, Types{{"A", 20, 2000}});
  types.restart();
  types.add(4, Types{{"A", 21, 2100}});
  const auto rows = types.rows(TypeOrder::kBytes);
  EXPECT_EQ(find_row(rows, "A")->objects_since_start, 1);
}

TEST(TypeGrowth, FiltersWithoutRegardToCase) {
  TypeGrowth types;
  types.add(0, Types{{"app.Connection", 1, 1}, {"dict", 1, 1}});
  EXPECT_EQ(types.rows(TypeOrder::kBytes, "CONN").size(), 1u);
  EXPECT_EQ(types.rows(TypeOrder::kBytes, "x").size(), 0u);
}

TEST(TypeGrowth, KnowsTheGrowthWithinAnyTime) {
  TypeGrowth types;
  constexpr int kLooks = 2000;
  for (int look = 0; look < kLooks; ++look) {
    const auto count = static_cast<std::uint64_t>(100 + look);
    types.add(2.0 * look, Types{{"A", count, 10 * count}});
  }
  EXPECT_EQ(types.rows(TypeOrder::kGrowth)[0].objects_since_start, kLooks - 1);
  EXPECT_EQ(types.rows(TypeOrder::kGrowth)[0].objects_since_last, 1);
  // Of an hour the looks kept are a minute or two apart.
  const auto grown = types.grown_within(1000);
  ASSERT_EQ(grown.size(), 1u);
  EXPECT_NEAR(static_cast<double>(grown[0].objects), 500, 70);
  EXPECT_EQ(types.grown_within(1e9)[0].objects, kLooks - 1);
}

TEST(TypeChanges, AreWhatAReaderNeedsToKnowAllTotals) {
  TypeChanges changes;
  Types said = changes.of(Types{{"A", 1, 10}, {"B", 2, 20}});
  EXPECT_EQ(said.size(), 2u);
  // Not written: it is to be said again.
  EXPECT_EQ(changes.of(Types{{"A", 1, 10}, {"B", 2, 20}}).size(), 2u);
  changes.accept(said);
  EXPECT_TRUE(changes.of(Types{{"A", 1, 10}, {"B", 2, 20}}).empty());
  said = changes.of(Types{{"A", 1, 11}});
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].type, "A");
  EXPECT_EQ(said[1].type, "B");
  EXPECT_EQ(said[1].objects, 0u);
  changes.accept(said);
  EXPECT_TRUE(changes.of(Types{{"A", 1, 11}}).empty());
}

TEST(Pace, KeepsTheShareWhateverALookCosts) {
  using std::chrono::milliseconds;
  Pace pace(milliseconds(2000), 0.02);
  const auto begin = Clock::now();
  EXPECT_TRUE(pace.is_due(begin));
  pace.took(begin, milliseconds(10));
  EXPECT_EQ(pace.next(), begin + milliseconds(2000));
  pace.took(begin, milliseconds(300));
  EXPECT_EQ(pace.next(), begin + milliseconds(15'000));
  EXPECT_EQ(pace.whole_cost(), milliseconds(310));
}

}  // namespace
}  // namespace ouro::watch
