// Objects that refer to their neighbours in memory, also over the edges of pages: what waits in its
// page instead of on the stack (MarkVisitor) is found, and nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <ouro/ouro.hpp>

namespace {

using ouro::make;
using ouro::Ref;

template <std::size_t kBytes>
struct Sized;
using Small = Sized<1>;
using Middle = Sized<200>;
using Large = Sized<3000>;

/// One of the three, or none.
struct Any {
  Ref<Small> small;
  Ref<Middle> middle;
  Ref<Large> large;
};

template <std::size_t kBytes>
struct Sized {
  std::array<Any, 2> references;
  std::array<char, kBytes> rest{};
};

Any make_any(std::size_t number) {
  if (number % 64 == 0) return {nullptr, nullptr, make<Large>()};
  if (number % 4 == 0) return {nullptr, make<Middle>(), nullptr};
  return {make<Small>(), nullptr, nullptr};
}

const void* address_of(const Any& any) {
  if (any.small != nullptr) return any.small.get();
  if (any.middle != nullptr) return any.middle.get();
  return any.large.get();
}

/// Precondition: there is one.
std::array<Any, 2>& references_of(const Any& any) {
  if (any.small != nullptr) return any.small->references;
  if (any.middle != nullptr) return any.middle->references;
  return any.large->references;
}

std::set<const void*> reached_from(std::vector<Any> waiting) {
  std::set<const void*> reached;
  while (!waiting.empty()) {
    const Any any = std::move(waiting.back());
    waiting.pop_back();
    if (address_of(any) == nullptr || !reached.insert(address_of(any)).second) continue;
    for (const Any& next : references_of(any)) waiting.push_back(next);
  }
  return reached;
}

std::size_t alive() {
  return ouro::objgraph::by_type<Small>().size() + ouro::objgraph::by_type<Middle>().size() +
         ouro::objgraph::by_type<Large>().size();
}

TEST(Neighbours, AreReachedInEitherDirectionAndOverTheEdgesOfPages) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    ouro::gc::collect();
    ouro::gc::disable();
    std::vector<Any> all;
    for (std::size_t i = 0; i < 20'000; ++i) all.push_back(make_any(random()));
    std::ranges::sort(all, {}, address_of);
    // Forward, back, or both ways; near ones in most rounds.
    const int furthest = seed % 4 == 3 ? 4000 : 1 + static_cast<int>(seed % 12);
    const int nearest = seed % 3 == 0 ? 1 : -furthest;
    std::uniform_int_distribution<int> step(nearest, furthest);
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (Any& reference : references_of(all[i])) {
        const auto to = static_cast<std::ptrdiff_t>(i) + step(random);
        const bool is_there = to >= 0 && static_cast<std::size_t>(to) < all.size();
        if (is_there && random() % 8 != 0) reference = all[static_cast<std::size_t>(to)];
      }
    }
    // A few roots are noted, many are looked for.
    const int roots = seed % 2 == 0 ? 3 : 300;
    std::vector<Any> held;
    for (int i = 0; i < roots; ++i) held.push_back(all[random() % all.size()]);
    const std::size_t count = all.size();
    all.clear();
    // What no neighbour referred to has gone by its count; the rest is the collector's.
    const std::set<const void*> reached = reached_from(held);
    const std::size_t before = alive();
    EXPECT_EQ(ouro::gc::collect(), before - reached.size());
    EXPECT_EQ(alive(), reached.size());
    EXPECT_EQ(ouro::gc::collect(), 0u);
    EXPECT_LT(reached.size(), count);
    held.clear();
    ouro::gc::collect();
    EXPECT_EQ(alive(), 0u);
    ouro::gc::enable();
  }
}

}  // namespace
