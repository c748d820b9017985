// CPython's test_no_memory_when_clearing: callbacks run although memory has run out. Replaces
// operator new of the whole test program by one that can fail.
#include <cstdlib>
#include <new>
#include <vector>

#include "conformance/conformance_test.hpp"

#ifndef OURO_SANITIZED  // sanitizers bring their own operator new

namespace {

constinit thread_local bool has_memory = true;

}  // namespace

// Not inlined, or GCC sees free() of what operator new gave and warns.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  void* const memory = has_memory ? std::malloc(bytes == 0 ? 1 : bytes) : nullptr;
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using ouro::make;
using ouro::Ref;
using ouro::WeakRef;
using ouro::test::Loop;
using ouro::test::make_loop;
namespace gc = ouro::gc;

class WeakRefMemoryConformance : public ouro::test::ConformanceTest {
 protected:
  void SetUp() override {
    if (ouro::checked::kEnabled) GTEST_SKIP() << "the checked build's registry needs memory itself";
  }
  std::vector<WeakRef<Loop>> watch(const Ref<Loop>& object) {
    std::vector<WeakRef<Loop>> weak;
    for (int i = 0; i < 50; ++i) weak.emplace_back(object, [this] { ++calls_; });
    return weak;
  }
  int calls_ = 0;
};

TEST_F(WeakRefMemoryConformance, CallbacksRunWhenMemoryHasRunOut) {
  auto object = make<Loop>();
  const auto weak = watch(object);
  has_memory = false;
  object = nullptr;
  has_memory = true;
  EXPECT_EQ(calls_, 50);
  for (const auto& one : weak) EXPECT_TRUE(one.expired());
}

TEST_F(WeakRefMemoryConformance, GarbageWaitsForACollectionThatHasMemory) {
  auto object = make_loop();
  const auto weak = watch(object);
  object = nullptr;
  has_memory = false;
  const std::size_t without_memory = gc::collect();
  has_memory = true;
  EXPECT_EQ(without_memory, 0u);
  EXPECT_EQ(calls_, 0);
  EXPECT_EQ(gc::collect(), 1u);
  EXPECT_EQ(calls_, 50);
}

}  // namespace

#endif  // OURO_SANITIZED
