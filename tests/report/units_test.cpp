#include "report/units.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace {

using namespace ouro::report;

constexpr std::uint64_t kKiB = 1024;
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(Units, SeparateThousands) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1000), "1,000");
  EXPECT_EQ(with_separators(123'456), "123,456");
  EXPECT_EQ(with_separators(1'234'567), "1,234,567");
  EXPECT_EQ(with_separators(kMost), "18,446,744,073,709,551,615");
}

TEST(Units, SignDifferences) {
  EXPECT_EQ(signed_number(0), "0");
  EXPECT_EQ(signed_number(1), "+1");
  EXPECT_EQ(signed_number(-1), "-1");
  EXPECT_EQ(signed_number(-1234), "-1,234");
  EXPECT_EQ(signed_number(kLeast), "-9,223,372,036,854,775,808");
}

TEST(Units, ChangeBeforeAFourthDigit) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1.0 KiB");
  EXPECT_EQ(format_bytes(1024), "1.0 KiB");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  // 999.949 and 999.950 KiB: what rounds to 1000.0 belongs to the next unit.
  EXPECT_EQ(format_bytes(1'023'948), "999.9 KiB");
  EXPECT_EQ(format_bytes(1'023'949), "1.0 MiB");
  EXPECT_EQ(format_bytes(1'023'949 * kKiB), "1.0 GiB");
  EXPECT_EQ(format_bytes(5 * kKiB * kKiB * kKiB), "5.0 GiB");
  EXPECT_EQ(format_bytes(kKiB * kKiB * kKiB * kKiB), "1.0 TiB");
}

TEST(Units, StayInTheLargestUnit) {
  EXPECT_EQ(format_bytes(kMost), "16384.0 PiB");
  EXPECT_EQ(signed_bytes(kLeast), "-8192.0 PiB");
}

TEST(Units, SignBytes) {
  EXPECT_EQ(signed_bytes(0), "0 B");
  EXPECT_EQ(signed_bytes(512), "+512 B");
  EXPECT_EQ(signed_bytes(-512), "-512 B");
  EXPECT_EQ(signed_bytes(-1536), "-1.5 KiB");
}

TEST(Units, ShowSharesWithTheDigitsThatMatter) {
  EXPECT_EQ(percentage(0, 0), "");
  EXPECT_EQ(percentage(5, 0), "");
  EXPECT_EQ(percentage(0, 10), "0 %");
  EXPECT_EQ(percentage(1, 3), "33.3 %");
  EXPECT_EQ(percentage(4, 10'000), "0.04 %");
  EXPECT_EQ(percentage(9994, 10'000), "99.9 %");
  EXPECT_EQ(percentage(9996, 10'000), "100 %");
  EXPECT_EQ(percentage(10, 10), "100 %");
  EXPECT_EQ(percentage(3, 2), "150 %");
  EXPECT_EQ(percentage(kMost, kMost), "100 %");
}

TEST(Units, CountInTheRightNumber) {
  EXPECT_EQ(counted(0, "object"), "0 objects");
  EXPECT_EQ(counted(1, "object"), "1 object");
  EXPECT_EQ(counted(2000, "object"), "2,000 objects");
  EXPECT_STREQ(of_number(1, "has", "have"), "has");
  EXPECT_STREQ(of_number(0, "has", "have"), "have");
  EXPECT_STREQ(of_number(2, "has", "have"), "have");
}

}  // namespace
