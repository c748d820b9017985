// CPython's test_weakref.py: weak references and their callbacks.
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace weakref_test {

using ouro::make;
using ouro::Ref;
using ouro::ref_from_this;
using ouro::WeakRef;
using ouro::test::Loop;
using ouro::test::make_loop;
using ouro::test::UnraisableReports;
namespace gc = ouro::gc;
namespace weakref = ouro::weakref;

struct Object {
  int arg = 0;
};

class WeakRefConformance : public ouro::test::ConformanceTest {
 protected:
  auto count_calls() {
    return [this] { ++calls_; };
  }
  int calls_ = 0;
};

// ---- life and death -------------------------------------------------------------------------

TEST_F(WeakRefConformance, GivesItsObjectWhileThatLives) {
  auto object = make<Object>();
  const WeakRef<Object> weak(object);
  EXPECT_FALSE(weak.expired());
  EXPECT_EQ(weak.lock(), object);
  EXPECT_EQ(weak(), object);
  object = nullptr;
  EXPECT_TRUE(weak.expired());
  EXPECT_EQ(weak.lock(), nullptr);
}

TEST_F(WeakRefConformance, CallsBackWhenItsObjectDies) {
  auto object = make<Object>();
  const WeakRef<Object> weak(object, count_calls());
  EXPECT_EQ(calls_, 0);
  object = nullptr;
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(weak.lock(), nullptr);
}

TEST_F(WeakRefConformance, EachOfSeveralCallsBackTheNewestFirst) {
  std::vector<int> order;
  auto object = make<Object>();
  const WeakRef<Object> first(object, [&] { order.push_back(1); });
  const WeakRef<Object> second(object, [&] { order.push_back(2); });
  object = nullptr;
  EXPECT_TRUE(first.expired());
  EXPECT_TRUE(second.expired());
  EXPECT_EQ(order, (std::vector{2, 1}));
}

TEST_F(WeakRefConformance, AllAreDeadBeforeTheFirstCallback) {
  WeakRef<Object> first;
  std::vector<Ref<Object>> seen;
  auto object = make<Object>();
  const auto callback = [&] { seen.push_back(first.lock()); };
  first = WeakRef<Object>(object, callback);
  const WeakRef<Object> second(object, callback);
  object = nullptr;
  EXPECT_EQ(seen, (std::vector<Ref<Object>>{nullptr, nullptr}));
}

TEST_F(WeakRefConformance, ACallbackIsGivenItsWeakReference) {
  auto object = make<Object>();
  std::vector<WeakRef<Object>> given;
  const WeakRef<Object> weak(object, [&](const WeakRef<Object>& dead) { given.push_back(dead); });
  object = nullptr;
  ASSERT_EQ(given.size(), 1u);
  EXPECT_EQ(given[0], weak);
}

TEST_F(WeakRefConformance, DoesNotCallBackOnceItHasGone) {
  auto object = make<Object>();
  {
    const WeakRef<Object> weak(object, count_calls());
  }
  object = nullptr;
  EXPECT_EQ(calls_, 0);
}

TEST_F(WeakRefConformance, WithoutACallbackIsShared) {
  const auto object = make<Object>();
  const WeakRef<Object> first(object);
  const weakref::Proxy<Object> proxy(object);
  const WeakRef<Object> second(object, nullptr);
  EXPECT_EQ(weakref::getweakrefcount(object), 1u);
  const WeakRef<Object> own(object, count_calls());
  EXPECT_EQ(weakref::getweakrefcount(object), 2u);
}

TEST_F(WeakRefConformance, IsCounted) {
  const auto object = make<Object>();
  {
    const WeakRef<Object> weak(object);
    const WeakRef<Object> calling(object, count_calls());
    EXPECT_EQ(weakref::getweakrefcount(object), 2u);
    const weakref::Proxy<Object> proxy(object);
    const weakref::Proxy<Object> calling_proxy(object, count_calls());
    EXPECT_EQ(weakref::getweakrefcount(object), 3u);
  }
  EXPECT_EQ(weakref::getweakrefcount(object), 0u);
  EXPECT_EQ(weakref::getweakrefcount(Ref<Object>()), 0u);
}

TEST_F(WeakRefConformance, IsListed) {
  const auto object = make<Object>();
  WeakRef<Object> first(object, count_calls());
  WeakRef<Object> second(object, count_calls());
  first.reset();
  EXPECT_EQ(weakref::getweakrefs(object), std::vector{second});
  first = WeakRef<Object>(object, count_calls());
  second.reset();
  EXPECT_EQ(weakref::getweakrefs(object), std::vector{first});
  first.reset();
  EXPECT_TRUE(weakref::getweakrefs(object).empty());
  EXPECT_TRUE(weakref::getweakrefs(Ref<Object>()).empty());
}

TEST_F(WeakRefConformance, TellsWhetherItHasACallback) {
  auto object = make<Object>();
  const WeakRef<Object> calling(object, count_calls());
  const WeakRef<Object> silent(object);
  EXPECT_TRUE(calling.has_callback());
  EXPECT_FALSE(silent.has_callback());
  object = nullptr;
  EXPECT_FALSE(calling.has_callback());
}

// ---- comparing ------------------------------------------------------------------------------

TEST_F(WeakRefConformance, EqualsThoseToTheSameObjectWhileThatLives) {
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  const WeakRef<Object> a(x), b(y, count_calls()), d(x, count_calls());
  EXPECT_TRUE(a == d);
  EXPECT_TRUE(a != b);  // references are compared, not what they refer to
  x = nullptr;
  y = nullptr;
  EXPECT_TRUE(a != d);  // dead ones equal themselves alone
  EXPECT_TRUE(a != b);
  EXPECT_TRUE(a == WeakRef<Object>(a));
}

static_assert(!std::totally_ordered<WeakRef<Object>>);

TEST_F(WeakRefConformance, KeepsItsHashWhenItsObjectDies) {
  auto object = make<Object>(42);
  const WeakRef<Object> a(object), b(object, count_calls());
  const std::hash<WeakRef<Object>> hash;
  const std::size_t alive = hash(a);
  EXPECT_EQ(hash(b), alive);
  object = nullptr;
  EXPECT_EQ(hash(a), alive);
  EXPECT_EQ(hash(b), alive);
}

// ---- callbacks in difficult moments ---------------------------------------------------------

TEST_F(WeakRefConformance, CallbacksRunWhileAnExceptionIsOnItsWay) {
  std::map<int, WeakRef<Object>> data;
  const auto throw_past = [&](int key) {
    const auto object = make<Object>();
    data[key] = WeakRef<Object>(object, [&data, key] { data.erase(key); });
    throw std::runtime_error("bogus");
  };
  EXPECT_THROW(throw_past(1), std::runtime_error);
  EXPECT_THROW(throw_past(2), std::runtime_error);
  EXPECT_TRUE(data.empty());
}

TEST_F(WeakRefConformance, WhatACallbackThrowsIsReported) {
  UnraisableReports reports;
  auto object = make<Object>();
  const WeakRef<Object> counting(object, count_calls());
  const WeakRef<Object> throwing(object, [] { throw std::runtime_error("bogus"); });
  object = nullptr;
  ASSERT_EQ(reports.all.size(), 1u);
  EXPECT_EQ(reports.all[0].second, "bogus");
  EXPECT_EQ(calls_, 1);
}

struct Chain {
  Ref<Chain> next;
};

TEST_F(WeakRefConformance, CallbacksMayCollect) {
  auto object = make<Chain>();
  WeakRef<Chain> weak(object, [] { gc::collect(); });
  object = nullptr;
  weak.reset();

  // outer -> middle -> inner, whose weak reference collects while the others are being destroyed.
  auto inner = make<Chain>();
  weak = WeakRef<Chain>(inner, [] { gc::collect(); });
  auto outer = make<Chain>(make<Chain>(std::move(inner)));
  outer = nullptr;
  EXPECT_TRUE(weak.expired());
  EXPECT_EQ(gc::collect(), 0u);
}

struct Finalized {
  Ref<Finalized> self;
  void finalize() {}
};

TEST_F(WeakRefConformance, CallbacksOfGarbageMayCollect) {
  auto object = make<Finalized>();
  object->self = object;
  const WeakRef<Finalized> weak(object, [&] {
    ++calls_;
    EXPECT_EQ(gc::collect(), 0u);  // one is running
  });
  object = nullptr;
  gc::collect();
  EXPECT_EQ(calls_, 1);
}

// ---- weak references in garbage -------------------------------------------------------------

struct Watching {
  Ref<Watching> self;
  Ref<void> target;
  WeakRef<void> weak;
  int number = 0;
};

TEST_F(WeakRefConformance, InAGarbageCycleWithItsObjectDoesNotCall) {
  auto target = make_loop();
  auto watching = make<Watching>();
  watching->self = watching;
  watching->target = target;
  watching->weak = WeakRef<void>(target, count_calls());
  target = nullptr;
  watching = nullptr;
  EXPECT_EQ(gc::collect(), 2u);
  EXPECT_EQ(calls_, 0);
}

TEST_F(WeakRefConformance, InGarbageThatLeadsToItsObjectDoesNotCall) {
  // watching -> target, but not back: what the callback could reach is not what the object leads
  // to.
  auto target = make<Watching>();
  auto watching = make<Watching>();
  watching->self = watching;
  watching->target = target;
  watching->weak = WeakRef<void>(target, count_calls());
  target = nullptr;
  watching = nullptr;
  EXPECT_EQ(gc::collect(), 2u);
  EXPECT_EQ(calls_, 0);
}

TEST_F(WeakRefConformance, InGarbageDoesNotCallForAnObjectOfAnotherClass) {
  auto target = make<Chain>();
  auto watching = make<Watching>();
  watching->self = watching;
  watching->target = target;
  watching->weak = WeakRef<void>(target, count_calls());
  target = nullptr;
  watching = nullptr;
  EXPECT_EQ(gc::collect(), 2u);
  EXPECT_EQ(calls_, 0);
}

TEST_F(WeakRefConformance, CannotBringGarbageBack) {
  std::vector<Ref<Watching>> brought_back;
  auto c1 = make<Watching>();
  auto c2 = make<Watching>();
  c1->target = c2;
  c2->target = c1;
  const auto bring_back = [&](const Ref<Watching>& object) {
    return
        [&brought_back, weak = WeakRef<Watching>(object)] { brought_back.push_back(weak.lock()); };
  };
  c1->weak = WeakRef<void>(c2, bring_back(c1));
  c2->weak = WeakRef<void>(c1, bring_back(c2));
  const WeakRef<Watching> outside(c1, count_calls());
  c1 = nullptr;
  c2 = nullptr;
  EXPECT_EQ(calls_, 0);
  gc::collect();
  EXPECT_EQ(calls_, 1);  // the one that is no garbage itself
  EXPECT_TRUE(brought_back.empty());
  EXPECT_TRUE(outside.expired());
  gc::collect();
  EXPECT_EQ(calls_, 1);
}

TEST_F(WeakRefConformance, MayBeMadeWhileCollectionsHappen) {
  gc::enable();
  gc::set_threshold(1, 1, 1);
  const auto referenced = make<Object>();
  for (int round = 0; round < 10; ++round) {
    auto holder = make<Watching>();
    holder->self = holder;
    holder->weak = WeakRef<void>(referenced);
    holder = make<Watching>();
    const WeakRef<Object> weak(referenced, count_calls());
    const weakref::Proxy<Object> proxy(referenced, count_calls());
    EXPECT_EQ(weak.lock(), referenced);
  }
  gc::collect();
  EXPECT_EQ(weakref::getweakrefcount(referenced), 0u);
  EXPECT_EQ(calls_, 0);
}

struct MakesWeakRef {
  static inline WeakRef<MakesWeakRef> made{};
  static inline bool was_alive = false;
  void finalize() {
    made = WeakRef<MakesWeakRef>(ref_from_this(this));
    was_alive = !made.expired();
  }
};

TEST_F(WeakRefConformance, MadeByAFinalizerDiesWithTheObject) {
  make<MakesWeakRef>();
  EXPECT_TRUE(MakesWeakRef::was_alive);
  EXPECT_TRUE(MakesWeakRef::made.expired());
  MakesWeakRef::made.reset();
}

// A chain so long that destructors wait for their turn: each link's weak references must be dead
// meanwhile, though its destructor has not run.
class Link {
 public:
  explicit Link(Ref<Link> parent) : parent_(std::move(parent)) {}
  void watch_parent(std::vector<Ref<Link>>& seen) {
    if (parent_ == nullptr) return;
    const WeakRef<Link> self(ref_from_this(this));
    weak_parent_ = WeakRef<Link>(parent_, [self, &seen] { seen.push_back(self.lock()); });
  }

 private:
  WeakRef<Link> weak_parent_;
  Ref<Link> parent_;
  OURO_TRACE(weak_parent_, parent_)
};

TEST_F(WeakRefConformance, DiesAtOnceWhenADeepChainGoes) {
  std::vector<Ref<Link>> seen;
  std::vector<WeakRef<Link>> all;
  Ref<Link> last;
  for (int i = 0; i < 1000; ++i) {
    last = make<Link>(std::move(last));
    last->watch_parent(seen);
    all.emplace_back(last);
  }
  std::size_t visible = 0;
  const WeakRef<Link> first(last, [&] {
    for (const auto& weak : all) visible += weak.lock() != nullptr;
  });
  last = nullptr;
  EXPECT_EQ(visible, 999u);  // all but the one that dies
  EXPECT_FALSE(seen.empty());
  for (const auto& link : seen) EXPECT_EQ(link, nullptr);
  for (const auto& weak : all) EXPECT_TRUE(weak.expired());
}

// Destructors nest a hundred levels deep, below that they wait. By then the last reference is gone,
// so a weak reference must not give the object any more.
class Deep {
 public:
  explicit Deep(Ref<Deep> next) : look_{WeakRef<Deep>(next)}, next_(std::move(next)) {}

  static inline int visible = 0;

 private:
  struct Look {
    WeakRef<Deep> target;
    ~Look() { visible += target.lock() != nullptr || !target.expired(); }
  };
  Look look_;
  Ref<Deep> next_;  // the last member is the first to be destroyed
  OURO_TRACE(next_)
};

TEST_F(WeakRefConformance, IsDeadWhileTheDestructorOfItsObjectWaits) {
  Ref<Deep> top;
  for (int i = 0; i < 1000; ++i) top = make<Deep>(std::move(top));
  top = nullptr;
  EXPECT_EQ(Deep::visible, 0);
  EXPECT_TRUE(gc::get_objects().empty());
}

// ---- derived weak references ----------------------------------------------------------------

struct MarkedRef : WeakRef<Object> {
  MarkedRef(const Ref<Object>& object, int marked) : WeakRef<Object>(object), value(marked) {}
  MarkedRef(const Ref<Object>& object, std::function<void()> callback, int marked)
      : WeakRef<Object>(object, std::move(callback)), value(marked) {}
  int value;
};

TEST_F(WeakRefConformance, MayBeDerivedFrom) {
  auto object = make<Object>(42);
  const MarkedRef marked(object, 24);
  EXPECT_EQ(marked.lock(), object);
  EXPECT_EQ(marked.value, 24);
  object = nullptr;
  EXPECT_EQ(marked.lock(), nullptr);
  EXPECT_EQ(marked.value, 24);
}

TEST_F(WeakRefConformance, DerivedOnesKeepTheirOwnCallbacks) {
  std::vector<int> called;
  auto object = make<Object>(42);
  const MarkedRef first(object, [&] { called.push_back(1); }, 1);
  const MarkedRef second(object, [&] { called.push_back(2); }, 2);
  EXPECT_EQ(weakref::getweakrefs(object).size(), 2u);
  object = nullptr;
  EXPECT_EQ(called, (std::vector{2, 1}));
}

// The strong reference stands before the weak one, so that this one goes first.
struct Owned {
  Ref<Object> object;
  WeakRef<Object> weak;
};

TEST_F(WeakRefConformance, ThatGoesBeforeItsObjectDoesNotCall) {
  {
    auto object = make<Object>();
    const Owned owned{object, WeakRef<Object>(object, count_calls())};
    object = nullptr;
  }
  EXPECT_EQ(calls_, 0);
  {
    auto object = make<Object>();
    auto inner = std::make_unique<Owned>(Owned{object, WeakRef<Object>(object, count_calls())});
    const WeakRef<Object> outer(object, count_calls());
    object = nullptr;
    inner.reset();
    EXPECT_EQ(calls_, 1);  // outer's
  }
  EXPECT_EQ(calls_, 1);
}

}  // namespace weakref_test
