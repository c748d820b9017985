// CPython's test_weakref.py: proxies, weak methods and finalize.
#include <functional>
#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace proxy_test {

using ouro::make;
using ouro::Proxy;
using ouro::Ref;
using ouro::ReferenceError;
using ouro::WeakRef;
namespace gc = ouro::gc;
namespace weakref = ouro::weakref;

// ---- proxies --------------------------------------------------------------------------------

class ProxyConformance : public ouro::test::ConformanceTest {};

struct Object {
  int bar = 1;
  int some_method() { return 4; }
  int other_method() { return 5; }
};

TEST_F(ProxyConformance, OfADeadObjectThrows) {
  int calls = 0;
  auto object = make<Object>();
  const Proxy<Object> first(object, [&] { ++calls; });
  const Proxy<Object> second(object, [&] { ++calls; });
  EXPECT_EQ(first->bar, 1);
  object = nullptr;
  EXPECT_THROW(static_cast<void>(first->bar), ReferenceError);
  EXPECT_THROW(static_cast<void>(*second), ReferenceError);
  EXPECT_EQ(calls, 2);
  const Proxy<Object> of_temporary(make<Object>());
  EXPECT_FALSE(of_temporary);
  EXPECT_THROW(static_cast<void>(of_temporary->bar), ReferenceError);
}

TEST_F(ProxyConformance, ReachesItsObject) {
  const auto object = make<Object>();
  const Proxy<Object> proxy(object);
  object->bar = 2;
  EXPECT_EQ(proxy->bar, 2);
  proxy->bar = 3;
  EXPECT_EQ(object->bar, 3);

  const auto list = make<std::vector<int>>();
  const Proxy<std::vector<int>> numbers(list);
  EXPECT_TRUE(numbers->empty());
  numbers->push_back(12);
  EXPECT_EQ(list->size(), 1u);
  *numbers = {2, 3};
  EXPECT_EQ(list->size(), 2u);
  (*numbers)[1] = 5;
  EXPECT_EQ((*list)[1], 5);
  EXPECT_EQ(*numbers, std::vector({2, 5}));
}

// In Python bool(proxy) asks the object; here, as for any pointer, whether there is one.
TEST_F(ProxyConformance, IsTrueWhileItsObjectLives) {
  auto list = make<std::vector<int>>();
  const Proxy<std::vector<int>> proxy(list);
  EXPECT_TRUE(proxy);
  list = nullptr;
  EXPECT_FALSE(proxy);
}

struct Number {
  double value = 0;
  int divided = 0;
  friend double operator+(const Number& a, double b) { return a.value + b; }
  friend double operator+(double a, const Number& b) { return a + b.value; }
  int operator/(int) const { return 42; }
  Number& operator/=(int) {
    divided = 21;
    return *this;
  }
  explicit operator int() const { return 10; }
  explicit operator std::string() const { return "string"; }
  void erase(int key) { divided = key; }
};

TEST_F(ProxyConformance, UsesTheOperatorsOfItsObject) {
  const auto number = make<Number>(2.0);
  const Proxy<Number> proxy(number);
  EXPECT_EQ(*proxy + 1.0, 3.0);
  EXPECT_EQ(1.0 + *proxy, 3.0);
  EXPECT_EQ(*proxy / 5, 42);
  *proxy /= 5;
  EXPECT_EQ(number->divided, 21);
  EXPECT_EQ(static_cast<int>(*proxy), 10);
  EXPECT_EQ(static_cast<std::string>(*proxy), "string");
  proxy->erase(0);
  EXPECT_EQ(number->divided, 0);
}

struct Callable {
  std::string bar;
  void operator()(std::string x) { bar = std::move(x); }
};

TEST_F(ProxyConformance, CallsItsObject) {
  const auto object = make<Callable>();
  const Proxy<Callable> proxy(object);
  (*proxy)("twinkies!");
  EXPECT_EQ(object->bar, "twinkies!");
}

struct DropsItself {
  static inline Ref<DropsItself> only{};
  static inline bool is_gone = false;
  ~DropsItself() { is_gone = true; }
  bool drop() {
    only = nullptr;
    return !is_gone;
  }
};

TEST_F(ProxyConformance, HoldsItsObjectWhileAMethodRuns) {
  DropsItself::is_gone = false;
  DropsItself::only = make<DropsItself>();
  const Proxy<DropsItself> proxy(DropsItself::only);
  EXPECT_TRUE(proxy->drop());
  EXPECT_TRUE(DropsItself::is_gone);
  EXPECT_FALSE(proxy);
}

TEST_F(ProxyConformance, MayBeWalkedAsItsObject) {
  const auto numbers = make<std::vector<int>>(std::vector{4, 5, 6});
  const Proxy<std::vector<int>> proxy(numbers);
  std::vector<int> forwards;
  for (const int number : *proxy) forwards.push_back(number);
  EXPECT_EQ(forwards, (std::vector{4, 5, 6}));
  std::vector<int> backwards;
  for (const int number : std::views::reverse(*proxy)) backwards.push_back(number);
  EXPECT_EQ(backwards, (std::vector{6, 5, 4}));
}

// A proxy stands for its object, which may have another hash and dies: it has none.
template <class T>
concept Hashable = requires(const T& value) { std::hash<T>()(value); };
static_assert(Hashable<WeakRef<Object>> && !Hashable<Proxy<Object>>);

// ---- weak methods ---------------------------------------------------------------------------

class WeakMethodConformance : public ouro::test::ConformanceTest {};

using Method = weakref::WeakMethod<Object, int (Object::*)()>;

TEST_F(WeakMethodConformance, GivesTheMethodWhileItsObjectLives) {
  const auto object = make<Object>();
  const Method method(object, &Object::some_method);
  const auto bound = method.lock();
  EXPECT_TRUE(bound);
  EXPECT_EQ(bound.self(), object);
  EXPECT_EQ(bound.method(), &Object::some_method);
  EXPECT_EQ(method()(), 4);
}

TEST_F(WeakMethodConformance, IsEmptyWhenItsObjectIsDead) {
  auto object = make<Object>();
  const Method method(object, &Object::some_method);
  object = nullptr;
  EXPECT_FALSE(method.lock());
  EXPECT_TRUE(method.expired());
}

TEST_F(WeakMethodConformance, CallsBackOnceWhenItsObjectDies) {
  std::vector<WeakRef<Object>> calls;
  auto object = make<Object>();
  const Method method(object, &Object::some_method,
                      [&](const WeakRef<Object>& dead) { calls.push_back(dead); });
  object = nullptr;
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_TRUE(calls[0] == static_cast<const WeakRef<Object>&>(method));
  gc::collect();
  EXPECT_EQ(calls.size(), 1u);
}

TEST_F(WeakMethodConformance, MakesNoCycle) {
  const auto object = make<Object>();
  auto method = make<Method>(object, &Object::some_method, [] {});
  const WeakRef<Method> weak(method);
  method = nullptr;
  EXPECT_TRUE(weak.expired());
}

TEST_F(WeakMethodConformance, EqualsThoseOfTheSameObjectAndMethod) {
  auto x = make<Object>();
  auto y = make<Object>();
  const Method a(x, &Object::some_method), same(x, &Object::some_method);
  const Method of_other(y, &Object::some_method), other(x, &Object::other_method);
  EXPECT_TRUE(a == same);
  EXPECT_TRUE(a != of_other);
  EXPECT_TRUE(a != other);
  x = nullptr;
  y = nullptr;
  EXPECT_TRUE(a == Method(a));
  EXPECT_TRUE(a != of_other);
  EXPECT_TRUE(a != other);
}

TEST_F(WeakMethodConformance, KeepsItsHashWhenItsObjectDies) {
  auto object = make<Object>();
  const Method a(object, &Object::some_method), b(object, &Object::some_method);
  const std::hash<Method> hash;
  const std::size_t alive = hash(a);
  EXPECT_EQ(hash(b), alive);
  object = nullptr;
  EXPECT_EQ(hash(a), alive);
}

// ---- finalize -------------------------------------------------------------------------------

class FinalizeConformance : public ouro::test::ConformanceTest {};

TEST_F(FinalizeConformance, CallsOnceByHandOrAtDeathOrNotAtAll) {
  std::vector<int> results;
  const auto add = [&](int x, int y, int z) { results.push_back(x + y + z); };
  auto object = make<Object>();

  const weakref::finalize by_hand(object, add, 67, 43, 89);
  EXPECT_TRUE(by_hand.alive());
  EXPECT_EQ(by_hand.peek(), object);
  EXPECT_TRUE(by_hand());
  EXPECT_FALSE(by_hand());
  EXPECT_EQ(by_hand.peek(), nullptr);
  EXPECT_FALSE(by_hand.detach());
  EXPECT_FALSE(by_hand.alive());
  EXPECT_EQ(results, std::vector{199});

  const weakref::finalize detached(object, add, 67, 43, 89);
  EXPECT_EQ(detached.peek(), object);
  EXPECT_TRUE(detached.detach());
  EXPECT_FALSE(detached());
  EXPECT_EQ(detached.peek(), nullptr);
  EXPECT_FALSE(detached.detach());
  EXPECT_FALSE(detached.alive());
  EXPECT_EQ(results, std::vector{199});

  const weakref::finalize at_death(object, add, 67, 43, 90);
  object = nullptr;
  EXPECT_FALSE(at_death());
  EXPECT_EQ(at_death.peek(), nullptr);
  EXPECT_FALSE(at_death.detach());
  EXPECT_FALSE(at_death.alive());
  EXPECT_EQ(results, (std::vector{199, 200}));
}

TEST_F(FinalizeConformance, CallsTheNewestFirst) {
  std::vector<std::string> order;
  const auto note = [&](const char* name) { order.emplace_back(name); };
  auto object = make<Object>();
  weakref::finalize(object, note, "f1");  // nobody keeps this one and f4
  const weakref::finalize f2(object, note, "f2");
  const weakref::finalize f3(object, note, "f3");
  weakref::finalize(object, note, "f4");
  const weakref::finalize f5(object, note, "f5");
  EXPECT_TRUE(f5.detach());
  EXPECT_FALSE(f5.alive());

  f5();
  note("A");
  f3();
  EXPECT_FALSE(f3.alive());
  note("B");
  f3();
  note("C");
  object = nullptr;
  EXPECT_FALSE(f2.alive());
  note("D");
  f2();
  EXPECT_EQ(order, (std::vector<std::string>{"A", "f3", "B", "C", "f4", "f2", "f1", "D"}));
}

TEST_F(FinalizeConformance, FreesItsFunctionAfterTheCall) {
  auto captured = std::make_shared<int>(0);
  const std::weak_ptr<int> weak_captured(captured);
  auto object = make<Object>();
  std::vector<int> results;
  weakref::finalize(object, [&results, held = std::move(captured)] { results.push_back(123); });
  EXPECT_FALSE(weak_captured.expired());
  object = nullptr;
  EXPECT_TRUE(weak_captured.expired());
  EXPECT_EQ(results, std::vector{123});
}

}  // namespace proxy_test
