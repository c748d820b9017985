#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "base/sort_stably.hpp"

namespace {

TEST(SortStably, IsTheStandardOne) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<int, int>> elements;
    const int count = static_cast<int>(random() % 100);
    for (int at = 0; at < count; ++at) elements.emplace_back(random() % 10, at);
    // The places tell equal elements apart, so that this order is the stable one.
    auto expected = elements;
    std::ranges::sort(expected, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    ouro::sort_stably(elements, std::ranges::greater{}, &std::pair<int, int>::first);
    EXPECT_EQ(elements, expected);
  }
}

TEST(SortStably, MovesWhatCannotBeCopied) {
  std::vector<std::unique_ptr<int>> elements;
  for (const int number : {3, 1, 2}) elements.push_back(std::make_unique<int>(number));
  ouro::sort_stably(elements, {}, [](const auto& element) { return *element; });
  EXPECT_EQ(*elements.front(), 1);
  EXPECT_EQ(*elements.back(), 3);
}

}  // namespace
