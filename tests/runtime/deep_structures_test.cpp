// Structures of 10,000,000 objects, dropped and collected on the usual stack of 8 MiB and on one of
// 512 KiB: a chain, a ring, a degenerate tree and a balanced one.
#include <gtest/gtest.h>
#include <pthread.h>

#include <cstddef>
#include <functional>
#include <utility>

#include <ouro/ouro.hpp>

namespace deep_structures_test {

using ouro::make;
using ouro::Ref;

#if defined(OURO_SANITIZED) || OURO_CHECKED
constexpr std::size_t kObjects = 1'000'000;
#else
constexpr std::size_t kObjects = 10'000'000;
#endif

struct Link {
  Ref<Link> next;
};

struct Tree {
  Ref<Tree> left;
  Ref<Tree> right;
};

/// root -> 1 -> 2 -> ... -> n
Ref<Link> make_chain() {
  Ref<Link> first;
  for (std::size_t at = 0; at < kObjects; ++at) first = make<Link>(std::move(first));
  return first;
}

/// Each node on the way down has a leaf to its left.
Ref<Tree> make_degenerate_tree() {
  Ref<Tree> root;
  for (std::size_t at = 0; at < kObjects / 2; ++at)
    root = make<Tree>(make<Tree>(), std::move(root));
  return root;
}

Ref<Tree> make_balanced_tree(std::size_t objects) {
  if (objects == 0) return nullptr;
  const std::size_t left = (objects - 1) / 2;
  return make<Tree>(make_balanced_tree(left), make_balanced_tree(objects - 1 - left));
}

void run_with_stack(std::size_t bytes, std::function<void()> body) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, bytes), 0);
  pthread_t thread{};
  const auto start = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, start, &body), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

class DeepStructures : public testing::TestWithParam<std::size_t> {
 protected:
  /// Runs on a heap of its own, with the parameter's stack, and requires that all is gone at the
  /// end.
  void run(const std::function<void()>& body) {
    run_with_stack(GetParam() << 10, [&] {
      ouro::Heap heap;
      const ouro::HeapScope scope(heap);
      ouro::gc::disable();
      body();
      EXPECT_EQ(heap.object_count(), 0u);
    });
  }
};

TEST_P(DeepStructures, AChainGoesWithItsLastReference) {
  run([] { make_chain() = nullptr; });
}

TEST_P(DeepStructures, AChainIsTracedWhileItIsAlive) {
  run([] {
    const Ref<Link> chain = make_chain();
    EXPECT_EQ(ouro::gc::collect(), 0u);
  });
}

TEST_P(DeepStructures, ARingIsCollected) {
  run([] {
    Ref<Link> last = make<Link>();
    Ref<Link> first = last;
    for (std::size_t at = 1; at < kObjects; ++at) first = make<Link>(std::move(first));
    last->next = std::move(first);
    last = nullptr;
    EXPECT_EQ(ouro::gc::collect(), kObjects);
  });
}

TEST_P(DeepStructures, AChainThatGarbageHoldsIsCollectedWithIt) {
  run([] {
    Ref<Tree> holder = make<Tree>();
    holder->left = holder;
    holder->right = make_degenerate_tree();
    holder = nullptr;
    EXPECT_EQ(ouro::gc::collect(), kObjects / 2 * 2 + 1);
  });
}

TEST_P(DeepStructures, ATreeGoesWithItsLastReference) {
  run([] { make_degenerate_tree() = nullptr; });
  run([] { make_balanced_tree(kObjects) = nullptr; });
}

TEST_P(DeepStructures, AFrozenChainGoesWithItsLastReference) {
  run([] {
    Ref<Link> chain = make_chain();
    ouro::gc::freeze();
    chain = nullptr;
  });
}

TEST_P(DeepStructures, AHeapGoesWithARingInIt) {
  run([] {
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    const Ref<Link> last = make<Link>();
    Ref<Link> first = last;
    for (std::size_t at = 1; at < kObjects; ++at) first = make<Link>(std::move(first));
    last->next = std::move(first);
    ouro::gc::freeze();
  });
}

std::string name_of(const testing::TestParamInfo<std::size_t>& stack) {
  return "OnAStackOf" + std::to_string(stack.param) + "KiB";
}

INSTANTIATE_TEST_SUITE_P(Stacks, DeepStructures, testing::Values(8192, 512), name_of);

}  // namespace deep_structures_test
