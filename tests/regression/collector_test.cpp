// Bugs of the collector that the random programs of tests/model or a review found, each reduced to
// the smallest program that shows it.
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

// Its slot was no longer among those that young collections look at: only a full collection saw it,
// and it stayed in generation 0 for ever.
TEST(CollectorRegression, AnObjectWhoseConstructorCollectsIsYoungAfterwards) {
  Heap heap;
  const HeapScope scope(heap);
  Ref<Constructed> made = make<Constructed>();
  EXPECT_EQ(ouro::gc::get_objects(0).size(), 1u);
  ouro::gc::collect(0);
  EXPECT_EQ(ouro::gc::get_objects(0).size(), 0u);
  EXPECT_EQ(ouro::gc::get_objects(1).size(), 1u);
}

class Allocating {
 public:
  ~Allocating() {
    for (int at = 0; at < 20; ++at) make<Node>();
  }
};

struct Directory {
  std::map<int, Ref<Allocating>> entries;
};

// std::map::clear() frees its tree before it forgets it, and the automatic collection that a
// destructor caused in between walked the freed tree.
TEST(CollectorRegression, AContainerThatIsBeingClearedIsNotTraced) {
  std::size_t collections = 0;
  Heap heap;
  const HeapScope scope(heap);
  const Ref<Directory> directory = make<Directory>();
  for (int at = 0; at < 100; ++at) directory->entries[at] = make<Allocating>();
  ouro::gc::set_threshold(1);
  ouro::gc::callbacks().push_back([&](ouro::gc::Phase, const auto&) { ++collections; });
  directory->entries.clear();
  EXPECT_EQ(collections, 0u);
  drop_ring(3);
  EXPECT_GT(collections, 0u) << "automatic collections go on afterwards";
}

// The list of gc::collect(objects) let go of its objects before weak references were dead: a
// callback could lock one and keep what was then destroyed.
TEST(CollectorRegression, WeakReferencesDieBeforeTheObjectsOfASetAreLetGo) {
  Heap heap;
  const HeapScope scope(heap);
  Ref<Node> ring = make<Node>();
  ring->next = ring;
  const WeakRef<Node> to_ring(ring);
  Ref<Node> lone = make<Node>();
  Ref<Node> kept;
  const WeakRef<Node> to_lone(lone, [&] { kept = to_ring.lock(); });
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

// A callback that must not be called was destroyed first of all, and what it had captured could
// lock a weak reference to the garbage.
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
TEST(CollectorRegression, ObjectsBroughtBackFromALongChainKeepTheirGeneration) {
  Heap heap;
  const HeapScope scope(heap);
  ouro::gc::disable();
  std::vector<Ref<Resurrecting>> saved;
  Ref<Chain> chain;
  for (int at = 0; at < 150; ++at) {
    chain = make<Chain>(std::move(chain), make<Resurrecting>(nullptr, saved));
  }
  chain = nullptr;
  ASSERT_EQ(saved.size(), 150u);
  EXPECT_EQ(ouro::gc::get_objects(0).size(), 150u);
}

struct Visitor {
  Ref<Visitor> self;
  Ref<void> visited;
};

class Visited {
 public:
  void close_cycle() { self_ = ouro::ref_from_this(this); }
  void finalize() {
    Heap other;
    const HeapScope scope(other);
    const Ref<Visitor> visitor = make<Visitor>(nullptr, ouro::ref_from_this(this));
    visitor->self = visitor;
    ouro::gc::freeze();  // so that the heap's end destroys it, not the collection before
  }

 private:
  Ref<Visited> self_;
  OURO_TRACE(self_)
};

// Two collections, one in a finalizer of the other, took each other's garbage for their own: the
// inner one forgot its reference to the outer one's object instead of dropping it, so that this
// stayed.
TEST(CollectorRegression, AHeapMayGoInAFinalizerOfWhatItRefersTo) {
  Heap heap;
  const HeapScope scope(heap);
  make<Visited>()->close_cycle();
  EXPECT_EQ(ouro::gc::collect(), 1u);
  EXPECT_EQ(heap.object_count(), 0u);
}

}  // namespace
