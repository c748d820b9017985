// CPython's test_gc.py: finalizers, weak references and the collector together.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace gc_finalizers_test {

using ouro::make;
using ouro::Ref;
using ouro::ref_from_this;
using ouro::Untraced;
using ouro::WeakRef;
using ouro::test::CollectionDetector;
using ouro::test::List;
using ouro::test::Loop;
using ouro::test::make_loop;
namespace gc = ouro::gc;

class GcFinalizerConformance : public ouro::test::ConformanceTest {};

// ---- finalizers that disturb ----------------------------------------------------------------

struct Allocating {
  static inline int made = 0;
  void finalize() {
    for (int i = 0; i < 10; ++i) make_loop();
    ++made;
  }
};

TEST_F(GcFinalizerConformance, AFinalizerMayMakeACollectionDue) {
  Allocating::made = 0;
  gc::enable();
  gc::set_threshold(1);
  make<Allocating>();
  EXPECT_EQ(Allocating::made, 1);
  // It may wait until the finalizer is over.
  make_loop();
  EXPECT_GT(gc::get_stats()[0].collections, 0u);
  gc::collect();
  EXPECT_TRUE(gc::get_objects().empty());
}

struct LateFinalized {
  WeakRef<Loop> weak;
  static inline Ref<Loop> seen{};
  static inline int finalized = 0;
  void finalize() {
    seen = weak.lock();
    ++finalized;
  }
};

struct Cyclic {
  Ref<Loop> loop;
  Ref<LateFinalized> late;
  Ref<Cyclic> self;
  static inline Ref<LateFinalized> global{};
  void finalize() {
    late->weak = loop;  // made now: an earlier one would have been cleared before the finalizers
    global = nullptr;
  }
};

TEST_F(GcFinalizerConformance, AFinalizerThatRunsDuringClearingMeetsNoGarbage) {
  LateFinalized::finalized = 0;
  Cyclic::global = make<LateFinalized>();
  {
    // loop, late <- cyclic: late is no garbage, a global holds it until cyclic's finalizer has run.
    auto cyclic = make<Cyclic>(make_loop(), Cyclic::global);
    cyclic->self = cyclic;
  }
  gc::collect();
  EXPECT_EQ(LateFinalized::finalized, 1);
  EXPECT_EQ(LateFinalized::seen, nullptr);
}

// A graph of three that has broken once: a <-> b -> inner.
struct Outer {
  Ref<struct Inner> attribute;
};
struct Inner {
  Ref<Outer> x;
  Ref<Outer> attribute;
  void finalize() { attribute = nullptr; }
};

TEST_F(GcFinalizerConformance, AFinalizerMayCutItsCycle) {
  {
    auto a = make<Outer>();
    auto b = make<Inner>(make<Outer>());
    a->attribute = b;
    b->attribute = a;
  }
  gc::collect();
  EXPECT_TRUE(gc::get_objects().empty());
}

// ---- deep structures ------------------------------------------------------------------------

struct Ouch {
  static inline int count = 0;
  void finalize() {
    if (++count % 17 == 0) gc::collect();
  }
};

struct Nest {
  Ref<Nest> inner;
  Ref<Ouch> ouch;
};

TEST_F(GcFinalizerConformance, ACollectionInTheMiddleOfADeepNestDoesNoHarm) {
  Ouch::count = 0;
  gc::enable();
  constexpr int kDepth = 150;
  for (int round = 0; round < 2; ++round) {
    for (int nests = 0; nests < 3; ++nests) {
      Ref<Nest> nest;
      for (int depth = 0; depth < kDepth; ++depth) nest = make<Nest>(std::move(nest), make<Ouch>());
    }
  }
  EXPECT_EQ(Ouch::count, 2 * 3 * kDepth);
}

struct Counted {
  explicit Counted(Ref<Counted> in) : inner(std::move(in)) { ++made; }
  void finalize() {
    // Not each time: beside busy programs, the thread gets no time for a while.
    if (++finalized % 64 == 0) std::this_thread::yield();
  }
  Ref<Counted> inner;
  static inline std::atomic<int> made = 0;
  static inline std::atomic<int> finalized = 0;
  OURO_TRACE(inner)
};

TEST(GcThreadConformance, DeepNestsMayGoInSeveralThreadsAtOnce) {
  constexpr int kNesting = 60;
  constexpr int kRounds = 2000;
  Counted::made = Counted::finalized = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < kRounds; ++round) {
        Ref<Counted> nest;
        for (int depth = 0; depth < kNesting; ++depth) nest = make<Counted>(std::move(nest));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Counted::made, 2 * kRounds * kNesting);
  EXPECT_EQ(Counted::finalized, Counted::made);
}

// ---- resurrection ---------------------------------------------------------------------------

struct Lazarus {
  Ref<Lazarus> self;
  Ref<struct Cargo> cargo;
  static inline int finalized = 0;
  static inline std::vector<Ref<Lazarus>> resurrected{};
  void finalize() {
    ++finalized;
    resurrected.push_back(ref_from_this(this));
  }
};
struct Cargo {
  Ref<Cargo> self;
  Ref<Lazarus> lazarus;
};

class GcResurrectionConformance : public ouro::test::ConformanceTest {
 protected:
  GcResurrectionConformance() { Lazarus::finalized = 0; }
  ~GcResurrectionConformance() override { Lazarus::resurrected.clear(); }
};

TEST_F(GcResurrectionConformance, TellsWhetherAnObjectHasBeenFinalized) {
  EXPECT_FALSE(gc::is_finalized(make<int>(3)));
  auto lazarus = make<Lazarus>();
  EXPECT_FALSE(gc::is_finalized(lazarus));
  lazarus = nullptr;
  gc::collect();
  ASSERT_EQ(Lazarus::resurrected.size(), 1u);
  EXPECT_TRUE(gc::is_finalized(Lazarus::resurrected[0]));
}

TEST_F(GcResurrectionConformance, HappensOnceAnObject) {
  auto lazarus = make<Lazarus>();
  lazarus->self = lazarus;
  EXPECT_EQ(Lazarus::finalized, 0);
  lazarus = nullptr;
  gc::collect();
  EXPECT_EQ(Lazarus::finalized, 1);
  EXPECT_EQ(Lazarus::resurrected.size(), 1u);
  Lazarus::resurrected.clear();
  EXPECT_EQ(gc::collect(), 1u);
  EXPECT_EQ(Lazarus::finalized, 1);
  EXPECT_TRUE(Lazarus::resurrected.empty());
}

TEST_F(GcResurrectionConformance, SavesWhatTheObjectRefersTo) {
  auto lazarus = make<Lazarus>();
  auto cargo = make<Cargo>();
  cargo->self = cargo;
  const void* const address = cargo.get();
  lazarus->cargo = cargo;
  cargo->lazarus = lazarus;
  lazarus = nullptr;
  cargo = nullptr;
  gc::collect();
  ASSERT_EQ(Lazarus::resurrected.size(), 1u);
  EXPECT_EQ(Lazarus::resurrected[0]->cargo.get(), address);
  EXPECT_EQ(Lazarus::resurrected[0]->cargo->lazarus, Lazarus::resurrected[0]);
}

TEST_F(GcResurrectionConformance, DoesNotKeepOtherGarbage) {
  constexpr std::size_t kCount = 100;
  const auto collected = [] { return gc::get_stats()[2].collected; };
  const auto make_many = [] {
    for (std::size_t i = 0; i < kCount; ++i) make_loop();
  };
  const auto make_lazarus = [] {
    auto lazarus = make<Lazarus>();
    lazarus->self = lazarus;
  };
  gc::collect();

  make_many();
  EXPECT_EQ(gc::collect(), kCount);
  EXPECT_EQ(collected(), kCount);

  make_lazarus();  // is not collected, but brought back
  EXPECT_EQ(gc::collect(), 0u);
  EXPECT_EQ(collected(), kCount);

  make_many();
  make_lazarus();
  EXPECT_EQ(gc::collect(), kCount);
  EXPECT_EQ(collected(), 2 * kCount);

  Lazarus::resurrected.clear();
  EXPECT_EQ(gc::collect(), 2u);
  EXPECT_EQ(collected(), 2 * kCount + 2);
  EXPECT_EQ(gc::get_stats()[2].uncollectable, 0u);
}

// ---- weak references of garbage -------------------------------------------------------------

TEST_F(GcFinalizerConformance, CallbacksMeetDeadWeakReferencesToTheSameGarbage) {
  std::vector<Ref<Loop>> met;
  std::vector<WeakRef<Loop>> weak;
  auto objects = std::vector{make_loop(), make_loop()};
  for (const auto& object : objects) {
    weak.emplace_back(object, [&] {
      met.clear();
      for (const auto& one : weak) met.push_back(one.lock());
    });
  }
  gc::collect();
  EXPECT_TRUE(met.empty());
  objects.clear();
  gc::collect();
  EXPECT_EQ(met, (std::vector<Ref<Loop>>{nullptr, nullptr}));
}

//   a <--+    weak has a callback; it refers to target, which the collector cannot know to be
//   garbage: | \__|    hidden is not traced. It stands before hidden in a, so that it is still
//   there when | \       target dies. |  weak hidden --> target
struct Hiding {
  Ref<Hiding> self;
  WeakRef<Loop> weak;
  Untraced<Ref<Loop>> hidden;
};

TEST_F(GcFinalizerConformance, AWeakReferenceInGarbageDoesNotCallForWhatDiesWithIt) {
  int calls = 0;
  {
    auto hiding = make<Hiding>();
    hiding->self = hiding;
    hiding->hidden = make<Loop>();
    hiding->weak = WeakRef<Loop>(*hiding->hidden, [&] { ++calls; });
  }
  EXPECT_EQ(gc::collect(), 1u);
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(gc::get_objects().empty());
}

// ---- collections that happen by themselves --------------------------------------------------

struct Keeper {
  Ref<Keeper> loop;
  Ref<void> keeps;
};

struct Spy {
  Ref<Spy> loop;
  Untraced<std::vector<Ref<Loop>>*> seen{nullptr};
  WeakRef<Loop> weak;
  void finalize() {
    if (*seen != nullptr) **seen = {weak.lock()};
  }
};

class GcAutomaticConformance : public ouro::test::ConformanceTest {
 protected:
  GcAutomaticConformance() { gc::enable(); }

  /// Makes objects until a collection has happened; says whether that took less than 10,000.
  static bool wait_for_collection() {
    const CollectionDetector detector;
    std::vector<Ref<List>> junk;
    while (!detector.has_happened() && junk.size() < 10000) junk.push_back(make<List>());
    return detector.has_happened();
  }
};

//               old has a weak reference with a callback, which looks at young2 through another
//                ^
//                |     generation 2
//   . . . . . . .|. . . . . . . . . . . . . . .
//                |     generation 0
//            +-> young1    +-> young2
//            |___|         |___|
TEST_F(GcAutomaticConformance, ACallbackOfAnOldObjectCannotReachYoungGarbage) {
  std::vector<Ref<Loop>> seen;
  auto old = make_loop();
  gc::collect();
  auto young1 = make<Keeper>();
  young1->loop = young1;
  young1->keeps = old;
  old->loop = nullptr;
  auto young2 = make_loop();
  const WeakRef<Loop> weak2(young2);
  const WeakRef<Loop> weak_old(old, [&] { seen = {weak2.lock()}; });
  old = nullptr;
  young1 = nullptr;
  young2 = nullptr;
  ASSERT_TRUE(wait_for_collection());
  EXPECT_EQ(seen, std::vector<Ref<Loop>>{nullptr});  // called, and met nothing
}

TEST_F(GcAutomaticConformance, AFinalizerOfAnOldObjectCannotReachYoungGarbage) {
  gc::set_threshold(1000, 0, 0);
  std::vector<Ref<Loop>> seen;
  auto old = make<Spy>();
  old->seen = &seen;
  old->loop = old;
  gc::collect();
  auto young1 = make<Keeper>();
  young1->loop = young1;
  young1->keeps = old;
  old->loop = nullptr;
  auto young2 = make_loop();
  old->weak = young2;
  old = nullptr;
  young1 = nullptr;
  young2 = nullptr;
  ASSERT_TRUE(wait_for_collection());
  EXPECT_EQ(seen, std::vector<Ref<Loop>>{nullptr});
}

TEST_F(GcAutomaticConformance, DoNotHappenWhileDisabled) {
  gc::set_threshold(1000, 0, 0);
  EXPECT_TRUE(wait_for_collection());
  gc::disable();
  EXPECT_FALSE(wait_for_collection());
}

TEST_F(GcAutomaticConformance, CollectTheOldestGenerationWhoseTimeHasCome) {
  // CPython's rule: a full collection waits until a quarter of what survived the last one has come
  // to the old generation since. Thresholds of 1: every collection of generation 0 but one is due
  // to grow.
  gc::set_threshold(10, 1, 1);
  std::vector<Ref<List>> living;
  const auto full_collections = [] { return gc::get_stats()[2].collections; };
  for (int i = 0; i < 400; ++i) living.push_back(make<List>());
  gc::collect();
  const auto before = full_collections();
  for (int i = 0; i < 80; ++i) living.push_back(make<List>());
  EXPECT_EQ(full_collections(), before);
  for (int i = 0; i < 100; ++i) living.push_back(make<List>());
  EXPECT_EQ(full_collections(), before + 1);
}

}  // namespace gc_finalizers_test
