// Budgets that are exact, and so asserted exactly: bytes of an object, objects that a collection
// visits. A change of a number here says why in its commit.
#include <gtest/gtest.h>

#include <cstddef>
#include <utility>
#include <vector>

#include <ouro/ouro.hpp>

namespace budget_test {

using ouro::Heap;
using ouro::HeapScope;
using ouro::make;
using ouro::Ref;

struct Node {
  Ref<Node> left;
  Ref<Node> right;
};

static_assert(sizeof(Ref<Node>) == 8);
static_assert(sizeof(ouro::detail::ObjectHeader) == 8);
static_assert(sizeof(Node) == 16);

constexpr std::size_t kPageBytes = 64 << 10;

TEST(Budget, AnObjectWithTwoReferencesTakes24Bytes) {
  Heap heap;
  const HeapScope scope(heap);
  constexpr std::size_t kObjects = 1'000'000;
  Ref<Node> chain;
  for (std::size_t at = 0; at < kObjects; ++at) chain = make<Node>(std::move(chain), nullptr);
  // Nothing but whole pages of 24-byte slots.
  constexpr std::size_t kObjectsInAPage = kPageBytes / 24;
  constexpr std::size_t kPages = (kObjects + kObjectsInAPage - 1) / kObjectsInAPage;
  EXPECT_EQ(heap.reserved_bytes(), kPages * kPageBytes);
  EXPECT_LT(static_cast<double>(heap.reserved_bytes()) / kObjects, 24.06);
}

TEST(Budget, NeighboursStand24BytesApart) {
  Heap heap;
  const HeapScope scope(heap);
  const Ref<Node> a = make<Node>();
  const Ref<Node> b = make<Node>();
  EXPECT_EQ(reinterpret_cast<std::byte*>(b.get()) - reinterpret_cast<std::byte*>(a.get()), 24);
}

/// `count` old objects; where `has_holes` is true, every second object around them has gone since,
/// so that new objects stand among old ones.
std::vector<Ref<Node>> make_old(std::size_t count, bool has_holes) {
  std::vector<Ref<Node>> old;
  std::vector<Ref<Node>> holes;
  old.reserve(count);
  for (std::size_t at = 0; at < count; ++at) {
    old.push_back(make<Node>());
    if (has_holes) holes.push_back(make<Node>());
  }
  ouro::gc::collect();
  return old;
}

struct OldHeap {
  std::size_t objects;
  bool has_holes;
};

class YoungCollection : public testing::TestWithParam<OldHeap> {};

TEST_P(YoungCollection, VisitsYoungObjectsAlone) {
  Heap heap;
  const HeapScope scope(heap);
  ouro::gc::disable();
  const std::vector<Ref<Node>> old = make_old(GetParam().objects, GetParam().has_holes);
  const std::size_t before = ouro::gc::get_stats()[0].candidates;

  constexpr std::size_t kYoung = 12'345;
  std::vector<Ref<Node>> young;
  for (std::size_t at = 0; at < kYoung; ++at) {
    young.push_back(make<Node>(old.empty() ? nullptr : old[at % old.size()], nullptr));
    if (!old.empty())
      old[at % old.size()]->right = young.back();  // and old ones refer to young ones
  }
  EXPECT_EQ(ouro::gc::collect(0), 0u);
  EXPECT_EQ(ouro::gc::get_stats()[0].candidates - before, kYoung);

  // Survivors are not young any more.
  EXPECT_EQ(ouro::gc::collect(0), 0u);
  EXPECT_EQ(ouro::gc::get_stats()[0].candidates - before, kYoung);
  EXPECT_EQ(ouro::gc::collect(1), 0u);
  EXPECT_EQ(ouro::gc::get_stats()[1].candidates, kYoung);
  for (const Ref<Node>& node : old) node->right = nullptr;
}

std::string name_of(const testing::TestParamInfo<OldHeap>& old) {
  return "Beside" + std::to_string(old.param.objects) + (old.param.has_holes ? "WithHoles" : "");
}

INSTANTIATE_TEST_SUITE_P(Old, YoungCollection,
                         testing::Values(OldHeap{0, false}, OldHeap{1'000, false},
                                         OldHeap{1'000, true}, OldHeap{1'000'000, false},
                                         OldHeap{1'000'000, true}),
                         name_of);

}  // namespace budget_test
