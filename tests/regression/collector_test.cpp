// Bugs of the collector that the random programs of tests/model or a review found, each reduced to the
// smallest program that shows it.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/weakref.hpp>

namespace {

using ouro::Heap;
using ouro::HeapScope;
using ouro::make;
using ouro::Ref;
using ouro::WeakRef;

struct Node {
  Ref<Node> next;
};

/// A cycle that nothing refers to.
void drop_ring(std::size_t length) {
  const Ref<Node> first = make<Node>();
  Ref<Node> last = first;
  for (std::size_t at = 1; at < length; ++at) last = last->next = make<Node>();
  last->next = first;
}

class Constructed {
 public:
  Constructed() { ouro::gc::collect(0); }

 private:
  Ref<Constructed> self_;
  OURO_TRACE(self_)
};

// Its slot was no longer among those that young collections look at: only a full collection saw it, and
// it stayed in generation 0 for ever.
TEST(CollectorRegression, AnObjectWhoseConstructorCollectsIsYoungAfterwards) {
  Heap heap;
  const HeapScope scope(heap);
  Ref<Constructed> made = make<Constructed>();
  EXPECT_EQ(ouro::gc::get_objects(0).size(), 1u);
  ouro::gc::collect(0);
  EXPECT_EQ(ouro::gc::get_objects(0).size(), 0u);
  EXPECT_EQ(ouro::gc::get_objects(1).size(), 1u);
}

struct Garbage {
  Ref<Garbage> next;
};

class Allocating {
 public:
  ~Allocating() {
    for (int at = 0; at < 20; ++at) make<Node>();
  }
};

struct Directory {
  std::map<int, Ref<Allocating>> entries;
};

// std::map::clear() frees its tree before it forgets it, and the automatic collection that a destructor
// caused in between walked the freed tree.
TEST(CollectorRegression, AContainerThatIsBeingClearedIsNotTraced) {
  Heap heap;
  const HeapScope scope(heap);
  const Ref<Directory> directory = make<Directory>();
  for (int at = 0; at < 100; ++at) directory->entries[at] = make<Allocating>();
  ouro::gc::set_threshold(1);
  std::size_t collections = 0;
  ouro::gc::callbacks().push_back([&](ouro::gc::Phase, const auto&) { ++collections; });
  directory->entries.clear();
  EXPECT_EQ(collections, 0u);
  drop_ring(3);
  EXPECT_GT(collections, 0u) << "automatic collections go on afterwards";
}

struct Link {
  Ref<Link> next;
  Ref<ouro::Ref<Link>> unused;
};

// The list of gc::collect(objects) let go of its objects before weak references were dead: a callback
// could lock one and keep what was then destroyed.
TEST(CollectorRegression, WeakReferencesDieBeforeTheObjectsOfASetAreLetGo) {
  Heap heap;
  const HeapScope scope(heap);
  Ref<Link> ring = make<Link>();
  ring->next = ring;
  const WeakRef<Link> to_ring(ring);
  Ref<Link> lone = make<Link>();
  Ref<Link> kept;
  const WeakRef<Link> to_lone(lone, [&] { kept = to_ring.lock(); });
  std::vector<Ref<void>> objects{std::move(ring), std::move(lone)};
  EXPECT_EQ(ouro::gc::collect(std::move(objects)), 2u);
  EXPECT_EQ(kept, nullptr);
  EXPECT_EQ(heap.object_count(), 0u);
}

class Locking {
 public:
  Locking(const WeakRef<Node>& weak, Ref<Node>& kept) : weak_(weak), kept_(kept) {}
  ~Locking() { kept_ = weak_.lock(); }

 private:
  WeakRef<Node> weak_;
  Ref<Node>& kept_;
};

struct Listener {
  Ref<Listener> self;
  WeakRef<Node> heard;
};

// A callback that must not be called was destroyed first of all, and what it had captured could lock a
// weak reference to the garbage.
TEST(CollectorRegression, WeakReferencesDieBeforeCallbacksThatAreNotCalled) {
  Heap heap;
  const HeapScope scope(heap);
  Ref<Node> kept;
  {
    const Ref<Node> ring = make<Node>();
    ring->next = ring;
    const auto locking = std::make_shared<Locking>(WeakRef<Node>(ring), kept);
    const Ref<Listener> listener = make<Listener>();
    listener->self = listener;
    listener->heard = WeakRef<Node>(ring, [locking] {});
  }
  EXPECT_EQ(ouro::gc::collect(), 2u);
  EXPECT_EQ(kept, nullptr);
}

class Resurrecting {
 public:
  Resurrecting(Ref<Node> next, std::vector<Ref<Resurrecting>>& saved)
      : next_(std::move(next)), saved_(&saved) {}
  void finalize() { saved_->push_back(ouro::ref_from_this(this)); }

 private:
  Ref<Node> next_;
  std::vector<Ref<Resurrecting>>* saved_;
  OURO_TRACE(next_)
};

struct Chain {
  Ref<Chain> next;
  Ref<Resurrecting> end;
};

// One that had to wait for its release came back as an old object.
TEST(CollectorRegression, AnObjectBroughtBackAtTheEndOfALongChainKeepsItsGeneration) {
  Heap heap;
  const HeapScope scope(heap);
  ouro::gc::disable();
  std::vector<Ref<Resurrecting>> saved;
  Ref<Chain> chain = make<Chain>();
  chain->end = make<Resurrecting>(nullptr, saved);
  for (int at = 0; at < 150; ++at) chain = make<Chain>(std::move(chain));
  chain = nullptr;
  ASSERT_EQ(saved.size(), 1u);
  EXPECT_EQ(ouro::gc::get_objects(0).size(), 1u);
}

struct CollectsOther {
  Ref<CollectsOther> self;
  Heap* other = nullptr;

  void finalize() const {
    const HeapScope scope(*other);
    ouro::gc::collect();
  }
};

// Two collections, one in a finalizer of the other, took each other's objects for their own where there
// were references from heap to heap.
TEST(CollectorRegression, AFinalizerMayCollectAnotherHeapThatRefersToTheGarbage) {
  Heap inner;
  Heap outer;
  WeakRef<void> weak;
  {
    const HeapScope scope(outer);
    const Ref<CollectsOther> garbage = make<CollectsOther>(nullptr, &inner);
    garbage->self = garbage;
    const Ref<std::vector<Ref<void>>> neighbour = make<std::vector<Ref<void>>>();
    neighbour->push_back(neighbour);
    neighbour->push_back(garbage);
    weak = WeakRef<void>(neighbour);
    const HeapScope inner_scope(inner);
    const Ref<std::vector<Ref<void>>> referrer = make<std::vector<Ref<void>>>();
    for (int at = 0; at < 300; ++at) referrer->push_back(referrer);
    const Ref<std::vector<Ref<void>>> elsewhere = make<std::vector<Ref<void>>>();
    referrer->push_back(elsewhere);
  }
  const HeapScope scope(outer);
  EXPECT_EQ(ouro::gc::collect(), 2u);
  EXPECT_TRUE(weak.expired());
  EXPECT_EQ(outer.object_count(), 0u);
  EXPECT_EQ(inner.object_count(), 0u);
}

}  // namespace
