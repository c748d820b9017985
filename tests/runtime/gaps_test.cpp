// A young collection of pages where old objects stand in rows between the young, few or more
// than are kept in mind. What it frees is what a search from outside does not reach.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <random>
#include <set>
#include <vector>

#include <ouro/ouro.hpp>

namespace gaps_test {

using ouro::make;
using ouro::Ref;

template <std::size_t kWords>
struct Node {
  Ref<Node> left;
  Ref<Node> right;
  std::array<std::size_t, kWords> words{};
};

template <>
struct Node<0> {
  Ref<Node> left;
  Ref<Node> right;
};

/// Three pages of them, and a little.
template <class T>
constexpr std::size_t kObjects = 200'000 / (8 + sizeof(T));

/// Old objects in `rows` rows, alive, and the slots between them free.
template <class T>
std::vector<Ref<T>> make_old_rows(std::size_t rows, std::mt19937& random) {
  std::vector<Ref<T>> all;
  for (std::size_t at = 0; at < kObjects<T>; ++at) all.push_back(make<T>());
  ouro::gc::collect();
  std::set<std::size_t> kept;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t begin = row * kObjects<T> / (rows + 1);
    const std::size_t length = 1 + random() % 3;
    for (std::size_t at = 0; at < length; ++at) kept.insert(begin + at);
  }
  std::vector<Ref<T>> old;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (kept.contains(at)) old.push_back(all[at]);
  }
  return old;
}

/// Everything that `held` and `old` lead to.
template <class T>
std::set<const T*> reached_from(const std::vector<Ref<T>>& held, const std::vector<Ref<T>>& old) {
  std::set<const T*> reached;
  std::vector<const T*> waiting;
  const auto reach = [&](const T* node) {
    if (node != nullptr && reached.insert(node).second) waiting.push_back(node);
  };
  for (const Ref<T>& node : held) reach(node.get());
  for (const Ref<T>& node : old) reach(node.get());
  while (!waiting.empty()) {
    const T* const node = waiting.back();
    waiting.pop_back();
    reach(node->left.get());
    reach(node->right.get());
  }
  return reached;
}

template <class T>
long references_from(const std::set<const T*>& alive, const T& target) {
  long references = 0;
  for (const T* node : alive)
    references += (node->left.get() == &target) + (node->right.get() == &target);
  return references;
}

template <class T>
void collect_young_between_old(std::size_t rows, unsigned seed) {
  SCOPED_TRACE(testing::Message() << rows << " rows, seed " << seed);
  std::mt19937 random(seed);
  const std::vector<Ref<T>> old = make_old_rows<T>(rows, random);
  std::vector<Ref<T>> held;
  std::size_t made = 0;
  {
    std::vector<Ref<T>> young;
    for (std::size_t at = 0; at < kObjects<T> / 2 * 2; ++at) young.push_back(make<T>());
    made = young.size();
    // In pairs, each a cycle, so that no count falls to zero when the variables go.
    for (std::size_t at = 0; at < young.size(); at += 2) {
      young[at]->left = young[at + 1];
      young[at + 1]->left = young[at];
      young[at]->right = young[random() % young.size()];
    }
    for (const Ref<T>& node : old) {
      if (random() % 4 == 0) node->left = young[random() % young.size()];
    }
    for (const Ref<T>& node : young) {
      if (random() % 100 == 0) held.push_back(node);
    }
    // As many references to an old object as make its byte 0 again.
    for (std::size_t at = 0; at + 256 <= young.size(); at += 256) {
      const Ref<T>& target = old[at / 256 * old.size() / (young.size() / 256)];
      for (std::size_t next = at; next < at + 256; ++next) young[next]->right = target;
    }
  }
  const std::set<const T*> alive = reached_from(held, old);
  const std::size_t survivors = alive.size() - old.size();
  EXPECT_EQ(ouro::gc::collect(0), made - survivors);
  EXPECT_EQ(reached_from(held, old), alive);
  for (const Ref<T>& node : old) EXPECT_EQ(node.use_count(), 1 + references_from(alive, *node));
  for (const Ref<T>& node : old) node->left = nullptr;
  held.clear();
  ouro::gc::collect();
}

template <class T>
class Gaps : public testing::Test {};

using Sizes = testing::Types<Node<0>, Node<1>, Node<2>, Node<7>, Node<37>>;
TYPED_TEST_SUITE(Gaps, Sizes);

/// Takes the empty pages that the heap keeps: where it has one, it fills no gaps.
std::vector<Ref<std::array<char, 1000>>> take_empty_pages() {
  std::vector<Ref<std::array<char, 1000>>> taken;
  for (int at = 0; at < 10'000; ++at) taken.push_back(make<std::array<char, 1000>>());
  return taken;
}

TYPED_TEST(Gaps, AreNoMembersOfAYoungCollection) {
  ouro::gc::disable();
  const auto taken = take_empty_pages();
  // From two rows a page on: a page without one would be empty, and be filled first.
  for (std::size_t rows = 8; rows <= 60; rows += 4) {
    for (unsigned seed = 0; seed < 5; ++seed) collect_young_between_old<TypeParam>(rows, seed);
  }
  ouro::gc::enable();
}

}  // namespace gaps_test
