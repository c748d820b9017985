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

namespace neighbours_test {

using ouro::make;
using ouro::Ref;

template <std::size_t kBytes>
struct Sized;
using Small = Sized<1>;
using Middle = Sized<200>;
using Large = Sized<40'000>;  // on pages of its own

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

/// Makes objects that refer to near ones, and some to those held from before; holds some of them.
void make_neighbours(std::vector<Any>& held, std::mt19937& random) {
  std::vector<Any> all;
  const std::size_t count = 200 + random() % 6000;
  for (std::size_t i = 0; i < count; ++i) all.push_back(make_any(random()));
  std::ranges::sort(all, {}, address_of);
  // Forward, or both ways; near ones most times.
  const int furthest = random() % 4 == 0 ? 4000 : 1 + static_cast<int>(random() % 12);
  const int nearest = random() % 2 == 0 ? 1 : -furthest;
  std::uniform_int_distribution<int> step(nearest, furthest);
  const Any hub = all[random() % count];  // more references to it than a byte counts
  const bool has_hub = random() % 2 == 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (Any& reference : references_of(all[i])) {
      const auto to = static_cast<std::ptrdiff_t>(i) + step(random);
      const bool is_there = to >= 0 && static_cast<std::size_t>(to) < count;
      if (is_there && random() % 8 != 0) reference = all[static_cast<std::size_t>(to)];
      if (has_hub && random() % 5 == 0) reference = hub;
    }
    if (held.empty() || random() % 50 != 0) continue;
    references_of(all[i])[0] = held[random() % held.size()];
    references_of(held[random() % held.size()])[1] = all[i];
  }
  // A few roots are noted, many are looked for.
  for (int i = random() % 2 == 0 ? 3 : 300; i > 0; --i) held.push_back(all[random() % count]);
}

void collect_something(std::mt19937& random) {
  const auto choice = random() % 4;
  if (choice < 3) {
    ouro::gc::collect(static_cast<int>(choice));
    return;
  }
  std::vector<Ref<void>> some = ouro::gc::get_objects();
  std::erase_if(some, [&](const Ref<void>&) { return random() % 4 == 0; });
  ouro::gc::collect(std::move(some));
}

TEST(Neighbours, AreReachedInEitherDirectionAndOverTheEdgesOfPages) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    ouro::gc::disable();
    std::vector<Any> held;
    for (int round = 0; round < 6; ++round) {
      make_neighbours(held, random);
      collect_something(random);
      EXPECT_GE(alive(), reached_from(held).size());
      std::erase_if(held, [&](const Any&) { return random() % 3 == 0; });
    }
    const std::size_t reached = reached_from(held).size();
    const std::size_t before = alive();
    EXPECT_EQ(ouro::gc::collect(), before - reached);
    EXPECT_EQ(alive(), reached);
    held.clear();
    ouro::gc::collect();
    EXPECT_EQ(alive(), 0u);
  }
}

}  // namespace neighbours_test
