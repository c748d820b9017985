#include <gtest/gtest.h>

#include <vector>

#include "python/heap/growing_addresses.hpp"
#include "python/heap/growing_column.hpp"
#include "support/random.hpp"

namespace ouro::python::heap {
namespace {

void expect_same(const GrowingColumn& column, const std::vector<std::uint64_t>& values) {
  ASSERT_EQ(column.size(), values.size());
  const graph::Column view = column.view();
  for (std::uint32_t at = 0; at < values.size(); ++at) ASSERT_EQ(view[at], values[at]) << at;
}

TEST(GrowingColumn, HoldsNumbersOfAnySize) {
  GrowingColumn column;
  const std::vector<std::uint64_t> values{0, 1, 0xFFFE, 0xFFFF, 0x10000, 0xFFFFFFFF, ~0ull};
  for (const auto value : values) column.push_back(value);
  expect_same(column, values);
  EXPECT_EQ(column.view().width(), 2u);
}

TEST(GrowingColumn, GrowsWiderWhereMostNumbersAreLarge) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    test::Random random(seed);
    GrowingColumn column(1000);
    std::vector<std::uint64_t> values;
    for (int at = 0; at < 20'000; ++at) {
      constexpr std::uint64_t kBits[]{15, 17, 31, 33, 60};
      values.push_back(random.next() >> (63 - kBits[random.below(random.once_in(9) ? 5 : 3)]));
      column.push_back(values.back());
    }
    SCOPED_TRACE(seed);
    expect_same(column, values);
    EXPECT_EQ(column.view().width(), 4u);
  }
}

TEST(GrowingAddresses, GivesBackAddressesInRisingChunks) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    test::Random random(seed);
    GrowingAddresses addresses;
    std::vector<std::uint64_t> values;
    for (int at = 0; at < 5000; ++at) {
      values.push_back((random.next() >> (64 - 47 + 20 * random.below(2))) & ~7ull);
      addresses.push_back(values.back());
    }
    addresses.finish();
    const graph::Addresses view = addresses.view();
    EXPECT_TRUE(std::ranges::is_sorted(view.chunks()));
    for (std::uint32_t at = 0; at < values.size(); ++at) ASSERT_EQ(view[at], values[at]) << seed;
  }
}

TEST(GrowingAddresses, KeepsOddAddressesWhole) {
  GrowingAddresses addresses;
  const std::vector<std::uint64_t> values{0x7f0000000000, 0x7f0000000010, 0x1003, 0x2008};
  for (const auto value : values) addresses.push_back(value);
  addresses.finish();
  const graph::Addresses view = addresses.view();
  EXPECT_TRUE(view.chunks().empty());
  for (std::uint32_t at = 0; at < values.size(); ++at) EXPECT_EQ(view[at], values[at]);
}

TEST(GrowingAddresses, KeepsMoreChunksThanPlacesHaveWhole) {
  GrowingAddresses addresses;
  std::vector<std::uint64_t> values;
  for (std::uint64_t chunk = 0; chunk < 33'000; ++chunk) {
    values.push_back((chunk * 7919 % 33'000) << 20 | 8);
    addresses.push_back(values.back());
  }
  addresses.finish();
  const graph::Addresses view = addresses.view();
  EXPECT_TRUE(view.chunks().empty());
  for (std::uint32_t at = 0; at < values.size(); ++at) ASSERT_EQ(view[at], values[at]);
}

}  // namespace
}  // namespace ouro::python::heap
