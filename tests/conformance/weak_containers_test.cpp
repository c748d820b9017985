// CPython's test_weakref.py: WeakValueDictionary and WeakKeyDictionary.
#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace weak_containers_test {

using ouro::make;
using ouro::Ref;
using ouro::WeakRef;
using ouro::test::Loop;
using ouro::test::make_loop;
namespace gc = ouro::gc;
namespace weakref = ouro::weakref;

struct Object {
  int arg = 0;
};

using ByNumber = weakref::WeakValueDictionary<int, Object>;
using ByName = weakref::WeakValueDictionary<std::string, Object>;
using Numbers = weakref::WeakKeyDictionary<Object, int>;
using Names = weakref::WeakKeyDictionary<Object, std::string>;

std::vector<Ref<Object>> make_objects(int count) {
  std::vector<Ref<Object>> objects;
  for (int arg = 0; arg < count; ++arg) objects.push_back(make<Object>(arg));
  return objects;
}

template <class T>
std::vector<T> sorted(std::vector<T> items) {
  std::ranges::sort(items);
  return items;
}

constexpr int kCount = 10;

// ---- WeakValueDictionary --------------------------------------------------------------------

class WeakValueConformance : public ouro::test::ConformanceTest {
 protected:
  WeakValueConformance() : objects_(make_objects(kCount)) {
    for (const auto& object : objects_) dictionary_.set(object->arg, object);
  }
  std::vector<Ref<Object>> objects_;
  ByNumber dictionary_;
};

TEST_F(WeakValueConformance, ForgetsValuesThatDie) {
  for (const auto& object : objects_) {
    EXPECT_EQ(weakref::getweakrefcount(object), 1u);
    EXPECT_EQ(dictionary_.at(object->arg), object);
  }
  EXPECT_EQ(dictionary_.size(), 10u);
  objects_.erase(objects_.begin());
  EXPECT_EQ(dictionary_.size(), 9u);
  EXPECT_FALSE(dictionary_.contains(0));
  objects_.clear();
  EXPECT_EQ(dictionary_.size(), 0u);

  EXPECT_THROW(dictionary_.at(1), std::out_of_range);
  dictionary_.set(2, make<Object>());
  EXPECT_THROW(dictionary_.at(2), std::out_of_range);
}

TEST_F(WeakValueConformance, CopiesAreIndependent) {
  ByNumber copy = dictionary_;
  EXPECT_EQ(sorted(copy.items()), sorted(dictionary_.items()));
  copy.erase(3);
  EXPECT_EQ(copy.size(), 9u);
  EXPECT_EQ(dictionary_.size(), 10u);
  dictionary_.clear();
  objects_.pop_back();
  EXPECT_EQ(copy.size(), 8u);
}

TEST_F(WeakValueConformance, ForgetsValuesInCycles) {
  weakref::WeakValueDictionary<int, Loop> loops;
  for (int i = 0; i < 20; ++i) loops.set(i, make_loop());
  EXPECT_EQ(loops.size(), 20u);
  gc::collect();
  EXPECT_EQ(loops.size(), 0u);
}

TEST_F(WeakValueConformance, ShrinksWheneverACollectionComes) {
  gc::enable();
  for (std::size_t threshold = 1; threshold < 100; ++threshold) {
    gc::collect(0);
    gc::set_threshold(threshold, threshold, threshold);
    weakref::WeakValueDictionary<int, Loop> loops;
    for (int i = 0; i < 20; ++i) loops.set(i, make_loop());
    const std::size_t some = loops.size();
    make_loop();
    EXPECT_LE(some, 20u);
    EXPECT_LE(loops.size(), some);
  }
}

TEST_F(WeakValueConformance, ListsKeysValuesAndItems) {
  const auto items = sorted(dictionary_.items());
  const auto keys = sorted(dictionary_.keys());
  ASSERT_EQ(items.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(items[i].first, static_cast<int>(i));
    EXPECT_EQ(items[i].second, objects_[i]);
    EXPECT_EQ(keys[i], static_cast<int>(i));
  }
  EXPECT_EQ(sorted(dictionary_.values()), sorted(objects_));
  std::vector<Ref<Object>> referred;
  for (const WeakRef<Object>& weak : dictionary_.valuerefs()) referred.push_back(weak.lock());
  EXPECT_EQ(sorted(referred), sorted(objects_));
}

TEST_F(WeakValueConformance, ListingsKeepTheirObjectsWhileTheyAreWalked) {
  std::size_t walked = 0;
  for (const auto& [key, value] : dictionary_.items()) {
    ++walked;
    objects_.clear();
    dictionary_.erase(key);
    EXPECT_EQ(value->arg, key);
  }
  EXPECT_EQ(walked, 10u);
  EXPECT_EQ(dictionary_.size(), 0u);
}

TEST_F(WeakValueConformance, MayChangeWhileAListingIsWalked) {
  std::size_t left = 10;
  for (const int key : dictionary_.keys()) {
    EXPECT_EQ(dictionary_.pop(key)->arg, key);
    EXPECT_EQ(dictionary_.size(), --left);
    EXPECT_EQ(dictionary_.pop(key), nullptr);
    dictionary_.set(key + 100, objects_[0]);
    dictionary_.erase(key + 100);
  }
  EXPECT_TRUE(dictionary_.empty());
}

TEST_F(WeakValueConformance, IsMadeFromItemsAndFromAnother) {
  const auto object = make<Object>(3);
  const ByNumber made{{364, object}};
  EXPECT_EQ(made.at(364), object);
  const ByNumber copy(made);
  EXPECT_EQ(copy.at(364), object);
}

TEST_F(WeakValueConformance, PopsAnyItem) {
  const auto value1 = make<Object>(1), value2 = make<Object>(2);
  ByName names{{"key1", value1}, {"key2", value2}};
  EXPECT_EQ(names.size(), 2u);
  for (std::size_t left : {1u, 0u}) {
    const auto item = names.popitem();
    ASSERT_TRUE(item.has_value());
    EXPECT_EQ(item->second, item->first == "key1" ? value1 : value2);
    EXPECT_EQ(names.size(), left);
  }
  EXPECT_FALSE(names.popitem().has_value());
}

TEST_F(WeakValueConformance, SetsADefaultOnce) {
  const auto value1 = make<Object>(1), value2 = make<Object>(2);
  ByName names;
  for (const auto& value : {value1, value2}) {
    EXPECT_EQ(names.setdefault("key", value), value1);
    EXPECT_TRUE(names.contains("key"));
    EXPECT_EQ(names.get("key"), value1);
    EXPECT_EQ(names.at("key"), value1);
  }
}

TEST_F(WeakValueConformance, TakesOverItems) {
  const std::map<int, Ref<Object>> more{{1, make<Object>(101)}, {50, make<Object>(150)}};
  dictionary_.update(more);
  EXPECT_EQ(dictionary_.size(), 11u);
  for (const auto& [key, value] : more) EXPECT_EQ(dictionary_.get(key), value);
}

TEST_F(WeakValueConformance, Unites) {
  auto a = make<Object>(1);
  const auto b = make<Object>(2), c = make<Object>(3);
  ByNumber first{{1, a}};
  const ByNumber second{{1, b}, {2, a}};
  const std::map<int, Ref<Object>> plain{{1, c}, {3, b}};

  const ByNumber both = first | second;
  EXPECT_EQ(sorted(both.items()), sorted(second.items()));
  const ByNumber with_plain = second | plain;
  EXPECT_EQ(with_plain.at(1), c);
  EXPECT_EQ(with_plain.at(2), a);
  EXPECT_EQ(with_plain.at(3), b);
  first |= std::vector<std::pair<int, Ref<Object>>>{{5, c}, {6, b}};
  EXPECT_EQ(first.size(), 3u);

  a = nullptr;
  EXPECT_FALSE(both.contains(2));
  EXPECT_FALSE(with_plain.contains(2));
  EXPECT_FALSE(first.contains(1));
}

TEST_F(WeakValueConformance, ErasesEntries) {
  const auto o1 = make<Object>(1), o2 = make<Object>(2);
  ByName names{{"something", o1}, {"something else", o2}};
  EXPECT_TRUE(names.erase("something"));
  EXPECT_FALSE(names.erase("something"));
  EXPECT_EQ(names.items(),
            (std::vector<std::pair<std::string, Ref<Object>>>{{"something else", o2}}));
}

TEST_F(WeakValueConformance, TheDeathOfAnOldValueLeavesTheNewOneAlone) {
  weakref::WeakValueDictionary<int, Loop> loops;
  loops.set(10, make_loop());
  const auto replaced = loops.valuerefs();
  auto newer = make_loop();
  loops.set(10, newer);
  gc::collect();  // the first one goes now
  EXPECT_TRUE(replaced[0].expired());
  EXPECT_EQ(loops.size(), 1u);
  EXPECT_EQ(loops.get(10), newer);
  newer->loop = nullptr;
}

TEST_F(WeakValueConformance, FindsObjectsByAddress) {
  weakref::WeakValueDictionary<const void*, Object> by_address;
  auto object = make<Object>();
  const void* const address = object.get();
  by_address.set(address, object);
  EXPECT_EQ(by_address.at(address), object);
  object = nullptr;
  EXPECT_THROW(by_address.at(address), std::out_of_range);
}

// The key leads back to the owner of the dictionary: no reference to it may be out of sight.
struct Owner {
  weakref::WeakValueDictionary<Ref<Owner>, Object> dictionary;
};

TEST_F(WeakValueConformance, CyclesThroughKeysAreFound) {
  const auto value = make<Object>();
  {
    auto owner = make<Owner>();
    owner->dictionary.set(owner, value);
  }
  EXPECT_EQ(gc::collect(), 1u);
  EXPECT_EQ(weakref::getweakrefcount(value), 0u);
}

// ---- WeakKeyDictionary ----------------------------------------------------------------------

class WeakKeyConformance : public ouro::test::ConformanceTest {
 protected:
  WeakKeyConformance() : objects_(make_objects(kCount)) {
    for (const auto& object : objects_) dictionary_.set(object, object->arg);
  }
  std::vector<Ref<Object>> objects_;
  Numbers dictionary_;
};

TEST_F(WeakKeyConformance, ForgetsKeysThatDie) {
  for (const auto& object : objects_) {
    EXPECT_EQ(weakref::getweakrefcount(object), 1u);
    EXPECT_EQ(dictionary_.at(object), object->arg);
  }
  EXPECT_EQ(dictionary_.size(), 10u);
  objects_.erase(objects_.begin());
  EXPECT_EQ(dictionary_.size(), 9u);
  objects_.clear();
  EXPECT_EQ(dictionary_.size(), 0u);

  const auto object = make<Object>(42);
  EXPECT_FALSE(dictionary_.contains(object));
  dictionary_.set(object, 1);
  EXPECT_TRUE(dictionary_.contains(object));
  EXPECT_FALSE(dictionary_.contains(make<Object>(42)));
  EXPECT_FALSE(dictionary_.contains(nullptr));
}

TEST_F(WeakKeyConformance, CopiesAreIndependent) {
  Numbers copy = dictionary_;
  EXPECT_EQ(sorted(copy.items()), sorted(dictionary_.items()));
  copy.erase(objects_[0]);
  EXPECT_EQ(copy.size(), 9u);
  EXPECT_EQ(dictionary_.size(), 10u);
  dictionary_.clear();
  objects_.pop_back();
  EXPECT_EQ(copy.size(), 8u);
}

TEST_F(WeakKeyConformance, ForgetsKeysInCycles) {
  weakref::WeakKeyDictionary<Loop, int> loops;
  for (int i = 0; i < 20; ++i) loops.set(make_loop(), 1);
  EXPECT_EQ(loops.size(), 20u);
  gc::collect();
  EXPECT_EQ(loops.size(), 0u);
}

TEST_F(WeakKeyConformance, ShrinksWheneverACollectionComes) {
  gc::enable();
  for (std::size_t threshold = 1; threshold < 100; ++threshold) {
    gc::collect(0);
    gc::set_threshold(threshold, threshold, threshold);
    weakref::WeakKeyDictionary<Loop, int> loops;
    for (int i = 0; i < 20; ++i) loops.set(make_loop(), 1);
    const std::size_t some = loops.size();
    make_loop();
    EXPECT_LE(some, 20u);
    EXPECT_LE(loops.size(), some);
  }
}

TEST_F(WeakKeyConformance, ListsKeysAndItems) {
  EXPECT_EQ(sorted(dictionary_.keys()), sorted(objects_));
  EXPECT_EQ(dictionary_.items().size(), 10u);
  for (const auto& [key, value] : dictionary_.items()) EXPECT_EQ(key->arg, value);
  std::vector<Ref<Object>> referred;
  for (const WeakRef<Object>& weak : dictionary_.keyrefs()) referred.push_back(weak.lock());
  EXPECT_EQ(sorted(referred), sorted(objects_));
}

TEST_F(WeakKeyConformance, ListingsKeepTheirObjectsWhileTheyAreWalked) {
  std::size_t walked = 0;
  for (const auto& [key, value] : dictionary_.items()) {
    ++walked;
    objects_.clear();
    dictionary_.erase(key);
    EXPECT_EQ(key->arg, value);
  }
  EXPECT_EQ(walked, 10u);
  EXPECT_EQ(dictionary_.size(), 0u);
}

TEST_F(WeakKeyConformance, MayChangeWhileAListingIsWalked) {
  std::size_t left = 10;
  for (const auto& key : dictionary_.keys()) {
    EXPECT_EQ(dictionary_.pop(key), key->arg);
    EXPECT_EQ(dictionary_.size(), --left);
    EXPECT_EQ(dictionary_.pop(key), std::nullopt);
    const auto other = make<Object>();
    dictionary_.set(other, 1);
    dictionary_.erase(other);
  }
  EXPECT_TRUE(dictionary_.empty());
}

TEST_F(WeakKeyConformance, IsMadeFromItemsAndFromAnother) {
  const auto object = make<Object>(3);
  const Numbers made{{object, 364}};
  EXPECT_EQ(*made.get(object), 364);
  const Numbers copy(made);
  EXPECT_EQ(*copy.get(object), 364);
}

TEST_F(WeakKeyConformance, PopsAnyItem) {
  const auto key1 = make<Object>(1), key2 = make<Object>(2);
  Names names{{key1, "value 1"}, {key2, "value 2"}};
  for (std::size_t left : {1u, 0u}) {
    const auto item = names.popitem();
    ASSERT_TRUE(item.has_value());
    EXPECT_EQ(item->second, item->first == key1 ? "value 1" : "value 2");
    EXPECT_EQ(names.size(), left);
  }
  EXPECT_FALSE(names.popitem().has_value());
}

TEST_F(WeakKeyConformance, SetsADefaultOnce) {
  const auto key = make<Object>();
  Names names;
  for (const char* value : {"value 1", "value 2"}) {
    EXPECT_EQ(names.setdefault(key, value), "value 1");
    EXPECT_TRUE(names.contains(key));
    EXPECT_EQ(names.at(key), "value 1");
  }
}

TEST_F(WeakKeyConformance, TakesOverItems) {
  const auto other = make<Object>();
  dictionary_.update(std::map<Ref<Object>, int>{{objects_[0], 100}, {other, 101}});
  EXPECT_EQ(dictionary_.size(), 11u);
  EXPECT_EQ(dictionary_.at(objects_[0]), 100);
  EXPECT_EQ(dictionary_.at(other), 101);
}

TEST_F(WeakKeyConformance, Unites) {
  auto o1 = make<Object>(1);
  const auto o2 = make<Object>(2), o3 = make<Object>(3);
  Numbers first{{o1, 1}, {o2, 2}};
  const Numbers second{{o3, 3}, {o1, 4}};
  Numbers both = first | second;
  EXPECT_EQ(both.size(), 3u);
  EXPECT_EQ(both.at(o1), 4);
  EXPECT_EQ(both.at(o2), 2);
  EXPECT_EQ(both.at(o3), 3);
  Numbers with_plain = second | std::map<Ref<Object>, int>{{o2, 5}, {o3, 6}};
  EXPECT_EQ(with_plain.at(o3), 6);
  first |= std::vector<std::pair<Ref<Object>, int>>{{o2, 7}, {o3, 8}};
  EXPECT_EQ(first.at(o2), 7);

  o1 = nullptr;
  EXPECT_EQ(both.size(), 2u);
  EXPECT_EQ(with_plain.size(), 2u);
  EXPECT_EQ(first.size(), 2u);
}

TEST_F(WeakKeyConformance, ErasesEntries) {
  const auto o1 = make<Object>(1), o2 = make<Object>(2);
  Names names{{o1, "something"}, {o2, "something"}};
  EXPECT_TRUE(names.erase(o1));
  EXPECT_EQ(names.keys(), std::vector{o2});
}

TEST_F(WeakKeyConformance, SaysWhenAKeyIsNotThere) {
  const auto object = make<Object>();
  EXPECT_FALSE(dictionary_.erase(object));
  EXPECT_EQ(dictionary_.get(object), nullptr);
  EXPECT_THROW(dictionary_.at(object), std::out_of_range);
}

struct HoldsKey {
  Ref<HoldsKey> key;
  weakref::WeakKeyDictionary<HoldsKey, int> dictionary;
  static inline Ref<HoldsKey> brought_back{};
  void finalize() { brought_back = ouro::ref_from_this(this); }
};

TEST_F(WeakKeyConformance, AKeyBroughtBackFromGarbageIsANewOne) {
  {
    auto holder = make<HoldsKey>();
    holder->key = holder;
    holder->dictionary.set(holder, 1);
  }
  gc::collect();
  // Dictionary and key were garbage together, so nobody called; the weak reference is dead all the
  // same.
  const auto holder = std::exchange(HoldsKey::brought_back, nullptr);
  ASSERT_NE(holder, nullptr);
  EXPECT_FALSE(holder->dictionary.contains(holder));
  holder->dictionary.set(holder, 2);
  EXPECT_EQ(holder->dictionary.at(holder), 2);
  EXPECT_EQ(holder->dictionary.size(), 1u);
  holder->key = nullptr;
}

}  // namespace weak_containers_test
