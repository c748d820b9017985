// CPython's test_finalization.py, the tests of PEP 442: finalizers run once, on intact objects, and
// may bring their object back.
#include <algorithm>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace finalization_test {

using ouro::make;
using ouro::Ref;
using ouro::ref_from_this;
using ouro::WeakRef;
namespace gc = ouro::gc;

/// Addresses of the objects whose finalizers have run.
std::vector<const void*> finalized;

std::vector<const void*> sorted(std::vector<const void*> addresses) {
  std::ranges::sort(addresses);
  return addresses;
}

std::vector<const void*> addresses_of(const auto& objects) {
  std::vector<const void*> addresses;
  for (const auto& object : objects) addresses.push_back(object.get());
  return sorted(std::move(addresses));
}

/// Objects that their finalizers have brought back.
std::vector<Ref<void>> survivors;

class FinalizationConformance : public ouro::test::ConformanceTest {
 protected:
  FinalizationConformance() { finalized.clear(); }
  ~FinalizationConformance() override {
    survivors.clear();
    EXPECT_TRUE(gc::garbage().empty());
  }
};

using Addresses = std::vector<const void*>;

// ---- without cycles -------------------------------------------------------------------------

struct Simple {
  Ref<void> field;
  void finalize() { finalized.push_back(this); }
};
struct SimpleResurrector {
  Ref<void> field;
  void finalize() {
    finalized.push_back(this);
    survivors.push_back(ref_from_this(this));
  }
};

TEST_F(FinalizationConformance, FinalizesOnce) {
  auto object = make<Simple>();
  const Addresses one{object.get()};
  const WeakRef<Simple> weak(object);
  object = nullptr;
  gc::collect();
  EXPECT_EQ(finalized, one);
  EXPECT_TRUE(weak.expired());
  gc::collect();
  EXPECT_EQ(finalized, one);
}

TEST_F(FinalizationConformance, FinalizersMayBringTheirObjectBack) {
  auto object = make<SimpleResurrector>();
  const Addresses one{object.get()};
  const WeakRef<SimpleResurrector> weak(object);
  object = nullptr;
  gc::collect();
  EXPECT_EQ(finalized, one);
  EXPECT_EQ(addresses_of(survivors), one);
  EXPECT_EQ(weak.lock(), survivors[0]);
  survivors.clear();
  gc::collect();
  EXPECT_EQ(finalized, one);
  EXPECT_TRUE(survivors.empty());
  EXPECT_TRUE(weak.expired());
}

struct Untracked {
  int number = 0;
  void finalize() { finalized.push_back(this); }
};
struct UntrackedResurrector {
  int number = 0;
  void finalize() {
    finalized.push_back(this);
    survivors.push_back(ref_from_this(this));
  }
};

TEST_F(FinalizationConformance, FinalizesUntrackedObjects) {
  auto object = make<Untracked>();
  EXPECT_FALSE(gc::is_tracked(object));
  const Addresses one{object.get()};
  object = nullptr;
  EXPECT_EQ(finalized, one);
  gc::collect();
  EXPECT_EQ(finalized, one);
}

TEST_F(FinalizationConformance, UntrackedObjectsComeBackOnce) {
  auto object = make<UntrackedResurrector>();
  EXPECT_FALSE(gc::is_tracked(object));
  const Addresses one{object.get()};
  object = nullptr;
  EXPECT_EQ(finalized, one);
  EXPECT_EQ(addresses_of(survivors), one);
  survivors.clear();
  EXPECT_EQ(finalized, one);
  EXPECT_TRUE(survivors.empty());
}

// ---- an object that refers to itself --------------------------------------------------------

enum class Deed { kNothing, kResurrects, kCutsItself };

struct SelfCycle {
  Deed deed;
  Ref<SelfCycle> self;

  void finalize() {
    finalized.push_back(this);
    EXPECT_EQ(self.get(), this);
    if (deed == Deed::kResurrects) survivors.push_back(ref_from_this(this));
    if (deed == Deed::kCutsItself) self = nullptr;
  }
};

class SelfCycleConformance : public FinalizationConformance {
 protected:
  /// Makes one, drops it, collects; gives its address and whether its weak reference has died.
  std::pair<const void*, WeakRef<SelfCycle>> drop_one(Deed deed) {
    auto object = make<SelfCycle>(deed);
    object->self = object;
    const WeakRef<SelfCycle> weak(object);
    const void* const address = object.get();
    object = nullptr;
    gc::collect();
    return {address, weak};
  }
};

TEST_F(SelfCycleConformance, FinalizesOnce) {
  const auto [address, weak] = drop_one(Deed::kNothing);
  EXPECT_EQ(finalized, Addresses{address});
  EXPECT_TRUE(weak.expired());
  gc::collect();
  EXPECT_EQ(finalized, Addresses{address});
}

TEST_F(SelfCycleConformance, FinalizersMayBringTheirObjectBack) {
  const auto [address, weak] = drop_one(Deed::kResurrects);
  EXPECT_EQ(finalized, Addresses{address});
  EXPECT_EQ(addresses_of(survivors), Addresses{address});
  EXPECT_TRUE(weak.expired());  // garbage loses its weak references before its finalizers run
  survivors.clear();
  gc::collect();
  EXPECT_EQ(finalized, Addresses{address});
  EXPECT_TRUE(survivors.empty());
  EXPECT_TRUE(gc::get_objects().empty());
}

TEST_F(SelfCycleConformance, FinalizersMayDropTheLastReferenceToTheirObject) {
  const auto [address, weak] = drop_one(Deed::kCutsItself);
  EXPECT_EQ(finalized, Addresses{address});
  EXPECT_TRUE(weak.expired());
  EXPECT_TRUE(gc::get_objects().empty());
  gc::collect();
  EXPECT_EQ(finalized, Addresses{address});
}

// ---- a ring of several ----------------------------------------------------------------------

//   node0 <-> node1 <-> ... <-> node0
struct Chained {
  Deed deed;
  Ref<Chained> left;
  Ref<Chained> right;
  bool has_cut = false;

  void finalize() {
    finalized.push_back(this);
    check_neighbours();
    if (deed == Deed::kResurrects) survivors.push_back(ref_from_this(this));
    if (deed == Deed::kCutsItself) {
      has_cut = true;
      left = nullptr;
      right = nullptr;
    }
  }

  /// Finalizers see everything as the program left it, but for what other finalizers have done.
  void check_neighbours() const {
    ASSERT_NE(left, nullptr);
    ASSERT_NE(right, nullptr);
    EXPECT_EQ(left->right.get(), left->has_cut ? nullptr : this);
    EXPECT_EQ(right->left.get(), right->has_cut ? nullptr : this);
  }
};

class ChainConformance : public FinalizationConformance {
 protected:
  struct Dropped {
    Addresses all;
    Addresses resurrectors;
    std::vector<WeakRef<Chained>> weak;
  };

  Dropped drop_chain(const std::vector<Deed>& deeds) {
    std::vector<Ref<Chained>> nodes;
    for (const Deed deed : deeds) nodes.push_back(make<Chained>(deed));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      nodes[i]->left = nodes[(i + nodes.size() - 1) % nodes.size()];
      nodes[i]->left->right = nodes[i];
    }
    Dropped dropped;
    for (const auto& node : nodes) {
      dropped.all.push_back(node.get());
      if (node->deed == Deed::kResurrects) dropped.resurrectors.push_back(node.get());
      dropped.weak.emplace_back(node);
    }
    dropped.all = sorted(dropped.all);
    dropped.resurrectors = sorted(dropped.resurrectors);
    nodes.clear();
    gc::collect();
    return dropped;
  }

  void expect_gone(const std::vector<Deed>& deeds) {
    const Dropped dropped = drop_chain(deeds);
    EXPECT_EQ(sorted(finalized), dropped.all);
    EXPECT_TRUE(survivors.empty());
    for (const auto& weak : dropped.weak) EXPECT_TRUE(weak.expired());
    EXPECT_TRUE(gc::get_objects().empty());
    gc::collect();
    EXPECT_EQ(sorted(finalized), dropped.all);
  }

  void expect_resurrected(const std::vector<Deed>& deeds) {
    const Dropped dropped = drop_chain(deeds);
    EXPECT_EQ(sorted(finalized), dropped.all);
    EXPECT_EQ(addresses_of(survivors), dropped.resurrectors);
    for (const auto& weak : dropped.weak) EXPECT_TRUE(weak.expired());
    survivors.clear();
    gc::collect();
    EXPECT_EQ(sorted(finalized), dropped.all);
    EXPECT_TRUE(survivors.empty());
    EXPECT_TRUE(gc::get_objects().empty());
  }
};

constexpr Deed kSimple = Deed::kNothing;
constexpr Deed kResurrector = Deed::kResurrects;
constexpr Deed kSuicidal = Deed::kCutsItself;

TEST_F(ChainConformance, OfOneKind) {
  expect_gone({kSimple, kSimple, kSimple});
}

TEST_F(ChainConformance, OfResurrectors) {
  expect_resurrected({kResurrector, kResurrector, kResurrector});
}

TEST_F(ChainConformance, OfObjectsThatCutThemselvesOut) {
  expect_gone({kSuicidal, kSuicidal, kSuicidal});
}

TEST_F(ChainConformance, WhereEveryOtherCutsItselfOut) {
  expect_gone({kSuicidal, kSimple, kSuicidal, kSimple});
}

TEST_F(ChainConformance, WhereHalfCutsItselfOut) {
  expect_gone({kSuicidal, kSuicidal, kSimple, kSimple});
}

TEST_F(ChainConformance, WhereEveryOtherResurrects) {
  expect_resurrected({kResurrector, kSimple, kResurrector, kSimple});
}

TEST_F(ChainConformance, OfAllKindsInTurns) {
  expect_resurrected({kResurrector, kSimple, kSuicidal, kResurrector, kSimple, kSuicidal});
}

TEST_F(ChainConformance, OfAllKindsInPairs) {
  expect_resurrected({kResurrector, kResurrector, kSimple, kSimple, kSuicidal, kSuicidal});
}

// ---- Python 2's rule ------------------------------------------------------------------------

class LegacyFinalizationConformance : public FinalizationConformance {
 protected:
  LegacyFinalizationConformance() { ouro::set_legacy_finalizers(true); }
};

TEST_F(LegacyFinalizationConformance, ObjectsOutsideOfCyclesAreFinalizedAsUsual) {
  auto object = make<Simple>();
  const Addresses one{object.get()};
  const WeakRef<Simple> weak(object);
  object = nullptr;
  EXPECT_EQ(finalized, one);
  EXPECT_TRUE(weak.expired());
  gc::collect();
  EXPECT_EQ(finalized, one);
}

TEST_F(LegacyFinalizationConformance, ObjectsOutsideOfCyclesMayComeBack) {
  auto object = make<SimpleResurrector>();
  const Addresses one{object.get()};
  object = nullptr;
  EXPECT_EQ(finalized, one);
  EXPECT_EQ(addresses_of(survivors), one);
  survivors.clear();
  EXPECT_EQ(finalized, one);
  EXPECT_TRUE(survivors.empty());
}

TEST_F(LegacyFinalizationConformance, CyclesGoToGarbage) {
  auto object = make<Simple>();
  object->field = object;
  const Addresses one{object.get()};
  const WeakRef<Simple> weak(object);
  object = nullptr;
  gc::collect();
  EXPECT_TRUE(finalized.empty());
  EXPECT_TRUE(survivors.empty());
  EXPECT_EQ(addresses_of(gc::garbage()), one);
  EXPECT_FALSE(weak.expired());
  // The program cuts the cycle by hand; from then on the object is like any other.
  weak.lock()->field = nullptr;
  gc::garbage().clear();
  EXPECT_EQ(finalized, one);
  EXPECT_TRUE(weak.expired());
}

}  // namespace finalization_test
