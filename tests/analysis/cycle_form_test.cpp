#include "analysis/cycle_form.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/random.hpp"

namespace ouro::analysis {
namespace {

CycleForm random_cycle(test::Random& random) {
  CycleForm cycle(1 + random.below(8));
  const std::size_t classes = 1 + random.below(3);
  for (EdgeClass& step : cycle) step = static_cast<EdgeClass>(random.below(classes));
  const CycleForm once = cycle;
  for (std::size_t again = random.below(3); again > 0; --again) {
    cycle.insert(cycle.end(), once.begin(), once.end());
  }
  return cycle;
}

/// The least of all rotations, cut to the shortest beginning of which it is a repetition.
CycleForm form_by_definition(CycleForm cycle) {
  CycleForm least = cycle;
  for (std::size_t at = 0; at < cycle.size(); ++at) {
    std::ranges::rotate(cycle, cycle.begin() + 1);
    least = std::min(least, cycle);
  }
  for (std::size_t length = 1; length < least.size(); ++length) {
    if (least.size() % length != 0) continue;
    bool repeats = true;
    for (std::size_t at = length; at < least.size(); ++at)
      repeats &= least[at] == least[at - length];
    if (!repeats) continue;
    least.resize(length);
    return least;
  }
  return least;
}

TEST(CycleForm, IsOneRoundOfTheLeastRotation) {
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    test::Random random(seed);
    const CycleForm cycle = random_cycle(random);
    EXPECT_EQ(form_of(cycle), form_by_definition(cycle)) << "seed " << seed;
  }
}

TEST(CycleForm, TakesARingOfMillions) {
  EXPECT_EQ(form_of(CycleForm(2'000'000, 7)), CycleForm{7});
}

}  // namespace
}  // namespace ouro::analysis
