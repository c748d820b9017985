// A reference that its owner's trace does not visit is reported, wherever it stands; a pointer that
// merely leads to references is not.
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/untraced.hpp>
#include <ouro/weakref.hpp>

#include "support/checked_test.hpp"

namespace {

using ouro::checked::Kind;
using ouro::checked::Report;
using ouro::test::contains;

struct Item {
  int weight = 1;
};

class ForgottenReference : public ouro::test::CheckedTest {};

class Forgetful {
 public:
  std::vector<ouro::Ref<Item>> items;
  ouro::Ref<Item> dungeon;
  OURO_TRACE(items)
};

TEST_F(ForgottenReference, IsNamedWithTypeOffsetAndNeighbourBeforeACollection) {
  auto object = ouro::make<Forgetful>();
  object->dungeon = ouro::make<Item>();
  ouro::gc::collect();

  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kForgottenReference);
  EXPECT_EQ(report.type, "Forgetful");
  EXPECT_EQ(report.field, "byte offset 24, after field 'items'");
  EXPECT_EQ(report.address, object.get());
  EXPECT_TRUE(contains(report.message,
                       "Forgetful's trace forgets a Ref<Item> at byte offset 24, after field "
                       "'items'"));
}

TEST_F(ForgottenReference, IsFoundAmongNewObjectsByAYoungCollection) {
  auto object = ouro::make<Forgetful>();
  object->dungeon = ouro::make<Item>();
  ouro::gc::collect(0);
  EXPECT_EQ(only_report().type, "Forgetful");
}

TEST_F(ForgottenReference, IsFoundWithoutACollectionWhenItsOwnerIsDestroyed) {
  auto object = ouro::make<Forgetful>();
  object->dungeon = ouro::make<Item>();
  object = nullptr;
  EXPECT_EQ(only_report().type, "Forgetful");
}

TEST_F(ForgottenReference, IsFoundByVerifyAndReportedOnce) {
  auto object = ouro::make<Forgetful>();
  object->dungeon = ouro::make<Item>();
  auto another = ouro::make<Forgetful>();
  another->dungeon = object->dungeon;
  EXPECT_EQ(ouro::checked::verify(), 1u);
  EXPECT_EQ(ouro::checked::verify(), 0u);
  ouro::gc::collect();
  only_report();
}

TEST_F(ForgottenReference, MayBeNull) {
  const auto object = ouro::make<Forgetful>();
  object->items.resize(3);
  EXPECT_EQ(ouro::checked::verify(), 0u);
}

class Traceless {
 public:
  explicit Traceless(ouro::Ref<Item> item) : item_(std::move(item)) {}

 private:
  ouro::Ref<Item> item_;
};

// With reflection every field is traced without a word.
#if !(defined(__cpp_impl_reflection) || defined(__cpp_reflection))
TEST_F(ForgottenReference, IsFoundInAClassThatHasNoTrace) {
  auto object = ouro::make<Traceless>(ouro::make<Item>());
  ouro::gc::collect();
  EXPECT_TRUE(contains(only_report().message,
                       "Traceless, which traces nothing, forgets a Ref<Item> at byte offset 0"));
}
#endif

class Base {
 public:
  ouro::Ref<Item> first;
  OURO_TRACE(first)
};
class Derived : public Base {
 public:
  ouro::Ref<Item> second;
  ouro::Ref<Item> third;
  OURO_TRACE_DERIVED(Base, second)
};

TEST_F(ForgottenReference, IsFoundInADerivedClassThroughARefToItsBase) {
  auto derived = ouro::make<Derived>();
  derived->first = derived->second = derived->third = ouro::make<Item>();
  ouro::Ref<Base> object = std::move(derived);
  object = nullptr;
  const Report report = only_report();
  EXPECT_EQ(report.type, "Derived");
  EXPECT_EQ(report.field, "byte offset 16, after field 'second'");
}

// ---- containers -----------------------------------------------------------------------------

template <class Container>
class Holder {
 public:
  long padding = 0;
  Container held;
  ouro::Ref<Item> traced;
  OURO_TRACE(traced)
};

struct Entry {
  std::string name;
  ouro::Ref<Item> item;
};

void fill(auto& container) {
  for (int i = 0; i < 5; ++i) container.push_back(ouro::make<Item>());
}
void fill(std::vector<Entry>& container) {
  for (int i = 0; i < 5; ++i) container.push_back({"entry", ouro::make<Item>()});
}
void fill(std::set<ouro::Ref<Item>>& container) {
  for (int i = 0; i < 5; ++i) container.insert(ouro::make<Item>());
}
void fill(std::unordered_set<ouro::Ref<Item>>& container) {
  for (int i = 0; i < 5; ++i) container.insert(ouro::make<Item>());
}
void fill(std::map<int, ouro::Ref<Item>>& container) {
  for (int i = 0; i < 5; ++i) container[i] = ouro::make<Item>();
}
void fill(std::unordered_map<std::string, ouro::Ref<Item>>& container) {
  for (int i = 0; i < 5; ++i)
    container["a key of some length" + std::to_string(i)] = ouro::make<Item>();
}

template <class Container>
class ForgottenContainer : public ForgottenReference {};

using Containers = testing::Types<std::vector<ouro::Ref<Item>>, std::vector<Entry>
#ifdef __GLIBCXX__
                                  ,
                                  std::deque<ouro::Ref<Item>>, std::list<ouro::Ref<Item>>,
                                  std::set<ouro::Ref<Item>>, std::map<int, ouro::Ref<Item>>,
                                  std::unordered_set<ouro::Ref<Item>>,
                                  std::unordered_map<std::string, ouro::Ref<Item>>
#endif
                                  >;
TYPED_TEST_SUITE(ForgottenContainer, Containers);

TYPED_TEST(ForgottenContainer, IsNamedBeforeACollection) {
  auto object = ouro::make<Holder<TypeParam>>();
  fill(object->held);
  ouro::gc::collect();
  const Report report = this->only_report();
  EXPECT_EQ(report.kind, Kind::kForgottenReference);
  EXPECT_TRUE(contains(report.message, "'s trace forgets the container at byte offset "));
  EXPECT_TRUE(contains(report.message, ", whose first reference is a Ref<Item>"));
}

template <class Container>
class Tracer {
 public:
  Container held;
  OURO_TRACE(held)
};

TYPED_TEST(ForgottenContainer, IsNotOneThatIsTraced) {
  auto object = ouro::make<Tracer<TypeParam>>();
  fill(object->held);
  ouro::gc::collect();
  object = nullptr;
  EXPECT_TRUE(this->is_quiet());
}

template <class Container>
class Watcher {
 public:
  explicit Watcher(const Container& watched) : watched_(&watched), first_(&*watched.begin()) {}

 private:
  const Container* watched_;
  const typename Container::value_type* first_;
  OURO_TRACE()
};

TYPED_TEST(ForgottenContainer, IsNotOneThatIsMerelyPointedAt) {
  const auto somebodys = std::make_unique<TypeParam>();
  fill(*somebodys);
  auto object = ouro::make<Watcher<TypeParam>>(*somebodys);
  ouro::gc::collect();
  object = nullptr;
  EXPECT_TRUE(this->is_quiet());
}

// ---- what only the destructor tells ---------------------------------------------------------

class Owner {
 public:
  std::unique_ptr<Entry> entry = std::make_unique<Entry>();
  OURO_TRACE()
};

TEST_F(ForgottenReference, BehindAUniquePtrIsFoundWhenTheOwnerIsDestroyed) {
  auto object = ouro::make<Owner>();
  object->entry->item = ouro::make<Item>();
  object = nullptr;
  EXPECT_TRUE(
      contains(only_report().message, "forgets what stands at byte offset 0 and owns a Ref<Item>"));
}

struct World {
  ouro::Ref<Item> first;
  std::string name;
};

class Citizen {
 public:
  explicit Citizen(World& world) : world_(&world) {}

 private:
  World* world_;
  OURO_TRACE()
};

TEST_F(ForgottenReference, IsNotOneOfAnUnmanagedObjectThatIsPointedAt) {
  const auto world = std::make_unique<World>();
  world->first = ouro::make<Item>();
  auto object = ouro::make<Citizen>(*world);
  ouro::gc::collect();
  object = nullptr;
  EXPECT_TRUE(is_quiet());
}

// ---- captures, and what is meant ------------------------------------------------------------

class Button {
 public:
  std::function<int()> on_click;
  OURO_TRACE()
};
class MeantButton {
 public:
  ouro::Untraced<std::function<int()>> on_click;
  OURO_TRACE()
};

TEST_F(ForgottenReference, CapturedInAFunctionIsReportedWhenTheOwnerIsDestroyed) {
  auto object = ouro::make<Button>();
  object->on_click = [item = ouro::make<Item>(), many = std::array<int, 8>{}] {
    return item->weight + many[0];
  };
  object = nullptr;
  EXPECT_TRUE(contains(only_report().message, "owns a Ref<Item>"));
}

TEST_F(ForgottenReference, InAnUntracedFieldIsMeant) {
  auto object = ouro::make<MeantButton>();
  object->on_click = [item = ouro::make<Item>()] { return item->weight; };
  EXPECT_EQ((*object->on_click)(), 1);
  ouro::gc::collect();
  auto another = ouro::make<MeantButton>(*object);
  object = nullptr;
  another->on_click = [item = ouro::make<Item>(), many = std::array<int, 8>{}] {
    return item->weight + many[0];
  };
  another = nullptr;
  EXPECT_TRUE(is_quiet());
}

class Observer {
 public:
  ouro::WeakRef<Item> watched;
  OURO_TRACE(watched)
};

TEST_F(ForgottenReference, IsNotOneThatAWeakReferencesCallbackCaptures) {
  const auto item = ouro::make<Item>();
  auto object = ouro::make<Observer>();
  object->watched = ouro::WeakRef<Item>(item, [other = ouro::make<Item>()](const auto&) {});
  ouro::gc::collect();
  object = nullptr;
  EXPECT_TRUE(is_quiet());
}

}  // namespace
