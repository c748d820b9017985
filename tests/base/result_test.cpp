// Result<T>: a value or an error, without exceptions.
#include <ouro/base/result.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace ouro {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::kCorrupt, "half", "expected an even number"};
  return number / 2;
}

TEST(Result, HoldsTheValue) {
  const Result<int> result = half(8);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(result.value(), 4);
  EXPECT_EQ(*result, 4);
  EXPECT_EQ(result.value_or(0), 4);
}

TEST(Result, HoldsTheErrorWithItsPlace) {
  const Result<int> result = half(7);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(result.error().to_string(), "half: expected an even number");
  EXPECT_EQ(result.value_or(-1), -1);
}

TEST(Result, AnErrorWithoutAPlaceIsItsMessage) {
  EXPECT_EQ((Error{ErrorCode::kInputOutput, "", "the disk is full"}).to_string(),
            "the disk is full");
}

TEST(Result, HoldsWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 3);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 3);
}

TEST(ResultDeathTest, AskingAnErrorForItsValueIsABugAndSaysSo) {
#if defined(NDEBUG) && !OURO_CHECKED
  GTEST_SKIP() << "assertions are off in this build";
#else
  const Result<int> result = half(7);
  EXPECT_DEATH((void)result.value(), "not true that a Result asked for its value holds one");
#endif
}

}  // namespace
}  // namespace ouro
