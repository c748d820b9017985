// std::ranges::stable_sort. libstdc++'s takes its buffer by a function that C++20 has
// deprecated, and Clang says so.
//
// Sorts the places, equal ones by place, then moves the elements once: O(n log n) comparisons, 8
// bytes and an element for each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <ranges>
#include <utility>
#include <vector>

namespace ouro {

template <std::ranges::random_access_range Range, class Compare = std::ranges::less,
          class Projection = std::identity>
void sort_stably(Range&& range, Compare compare = {}, Projection projection = {}) {
  const auto elements = std::ranges::begin(range);
  const auto difference = [](std::size_t place) {
    return static_cast<std::ranges::range_difference_t<Range>>(place);
  };
  std::vector<std::size_t> order(std::ranges::size(range));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t left, std::size_t right) {
    auto&& a = std::invoke(projection, elements[difference(left)]);
    auto&& b = std::invoke(projection, elements[difference(right)]);
    if (std::invoke(compare, a, b)) return true;
    if (std::invoke(compare, b, a)) return false;
    return left < right;
  });
  std::vector<std::ranges::range_value_t<Range>> sorted;
  sorted.reserve(order.size());
  for (const std::size_t place : order) sorted.push_back(std::move(elements[difference(place)]));
  std::ranges::move(sorted, elements);
}

}  // namespace ouro
