// CPython's test_gc.py: what is found to be garbage, what the collector counts, what it shows.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace gc_test {

using ouro::make;
using ouro::Ref;
using ouro::test::List;
using ouro::test::Loop;
using ouro::test::make_loop;
namespace gc = ouro::gc;

class GcConformance : public ouro::test::ConformanceTest {};

bool contains(const std::vector<Ref<void>>& objects, const Ref<void>& object) {
  return std::ranges::find(objects, object) != objects.end();
}

// ---- what is garbage ------------------------------------------------------------------------

TEST_F(GcConformance, FreesAListThatContainsItself) {
  auto list = make<List>();
  list->items.push_back(list);
  gc::collect();
  list = nullptr;
  EXPECT_EQ(gc::collect(), 1u);
}

struct Dictionary {
  std::map<int, Ref<Dictionary>> entries;
};

TEST_F(GcConformance, FreesAMapThatContainsItself) {
  auto dictionary = make<Dictionary>();
  dictionary->entries[1] = dictionary;
  gc::collect();
  dictionary = nullptr;
  EXPECT_EQ(gc::collect(), 1u);
}

TEST_F(GcConformance, FreesATupleInACycleWithAList) {
  auto list = make<List>();
  auto tuple = make<std::tuple<Ref<List>>>(list);
  list->items.push_back(tuple);
  gc::collect();
  tuple = nullptr;
  list = nullptr;
  EXPECT_EQ(gc::collect(), 2u);
}

TEST_F(GcConformance, FreesAnInstanceThatRefersToItself) {
  auto object = make_loop();
  gc::collect();
  object = nullptr;
  EXPECT_EQ(gc::collect(), 1u);
}

class Base {
 public:
  std::vector<Ref<Base>> items;

 private:
  OURO_TRACE(items)
};

class Derived : public Base {
 public:
  Ref<Derived> attribute;

 private:
  OURO_TRACE_DERIVED(Base, attribute)
};

TEST_F(GcConformance, FreesAnInstanceOfADerivedClass) {
  auto through_own_field = make<Derived>();
  through_own_field->attribute = through_own_field;
  gc::collect();
  through_own_field = nullptr;
  EXPECT_EQ(gc::collect(), 1u);

  auto through_base = make<Derived>();
  through_base->items.push_back(through_base);
  gc::collect();
  through_base = nullptr;
  EXPECT_EQ(gc::collect(), 1u);
  EXPECT_EQ(gc::collect(), 0u);
}

struct WithMethod {
  void run() {}
  std::optional<ouro::weakref::BoundMethod<WithMethod, void (WithMethod::*)()>> method;
};

TEST_F(GcConformance, FreesAnInstanceThatHoldsItsOwnBoundMethod) {
  auto object = make<WithMethod>();
  object->method.emplace(object, &WithMethod::run);
  gc::collect();
  object = nullptr;
  EXPECT_EQ(gc::collect(), 1u);
}

// ---- what is counted and kept ---------------------------------------------------------------

struct Finalized {
  Ref<Finalized> self;
  Ref<Loop> companion;
  void finalize() {}
};

TEST_F(GcConformance, KeepsCyclesWithLegacyFinalizersInGarbage) {
  ouro::set_legacy_finalizers(true);
  auto with_finalizer = make<Finalized>();
  with_finalizer->self = with_finalizer;
  const void* const address = with_finalizer.get();
  auto without = make_loop();
  gc::collect();
  with_finalizer = nullptr;
  without = nullptr;
  EXPECT_EQ(gc::collect(), 2u);

  ASSERT_EQ(gc::garbage().size(), 1u);
  auto kept = ouro::static_pointer_cast<Finalized>(gc::garbage()[0]);
  EXPECT_EQ(kept.get(), address);
  gc::garbage().clear();
  kept->self = nullptr;
}

TEST_F(GcConformance, SavesAllGarbage) {
  gc::collect();
  EXPECT_TRUE(gc::garbage().empty());

  auto list = make<List>();
  list->items.push_back(list);
  const void* const address = list.get();
  gc::set_debug(gc::get_debug() | gc::DEBUG_SAVEALL);
  list = nullptr;
  gc::collect();
  gc::set_debug(0);

  ASSERT_EQ(gc::garbage().size(), 1u);
  EXPECT_EQ(gc::garbage().back().get(), address);
  gc::garbage().clear();
}

TEST_F(GcConformance, CountsObjectsMadeSinceTheLastCollection) {
  gc::collect();
  const auto before = gc::get_count();
  const auto object = make<List>();
  const auto after = gc::get_count();
  EXPECT_EQ(before, (std::array<std::size_t, 3>{0, 0, 0}));
  EXPECT_EQ(after, (std::array<std::size_t, 3>{1, 0, 0}));
}

TEST_F(GcConformance, CountsCollectionsOfYoungerGenerations) {
  gc::collect();
  const auto object = make<List>();
  gc::collect(0);
  const auto after_young = gc::get_count();
  gc::collect(1);
  const auto after_middle = gc::get_count();
  gc::collect(2);
  const auto after_old = gc::get_count();
  EXPECT_EQ(after_young, (std::array<std::size_t, 3>{0, 1, 0}));
  EXPECT_EQ(after_middle, (std::array<std::size_t, 3>{0, 0, 1}));
  EXPECT_EQ(after_old, (std::array<std::size_t, 3>{0, 0, 0}));
}

TEST_F(GcConformance, CountsEachCollectionInTheStatisticsOfItsGeneration) {
  const auto at_first = gc::get_stats();
  for (const gc::GenerationStats& stats : at_first) {
    EXPECT_EQ(stats.collections, 0u);
    EXPECT_EQ(stats.collected, 0u);
    EXPECT_EQ(stats.uncollectable, 0u);
  }
  const auto collections = [] {
    const auto stats = gc::get_stats();
    return std::array{stats[0].collections, stats[1].collections, stats[2].collections};
  };
  gc::collect(0);
  EXPECT_EQ(collections(), (std::array<std::size_t, 3>{1, 0, 0}));
  gc::collect(2);
  EXPECT_EQ(collections(), (std::array<std::size_t, 3>{1, 0, 1}));
}

TEST_F(GcConformance, FreezesAndUnfreezes) {
  const auto object = make<List>();
  gc::collect(0);
  gc::freeze();
  EXPECT_EQ(gc::get_freeze_count(), 1u);
  EXPECT_EQ(gc::get_count(), (std::array<std::size_t, 3>{0, 0, 0}));
  EXPECT_FALSE(contains(gc::get_objects(), object));
  gc::unfreeze();
  EXPECT_EQ(gc::get_freeze_count(), 0u);
  EXPECT_TRUE(contains(gc::get_objects(2), object));
}

// ---- looking at the heap --------------------------------------------------------------------

struct Mapping {
  std::map<Ref<int>, Ref<int>> entries;
};
struct Triple {
  std::array<Ref<int>, 3> numbers;
};

std::vector<int> sorted_numbers(const std::vector<Ref<void>>& objects) {
  std::vector<int> numbers;
  for (const Ref<void>& object : objects) {
    numbers.push_back(*ouro::static_pointer_cast<int>(object));
  }
  std::ranges::sort(numbers);
  return numbers;
}

TEST_F(GcConformance, ListsWhatObjectsReferTo) {
  const auto one = make<int>(1), three = make<int>(3), five = make<int>(5), seven = make<int>(7);
  const auto list = make<List>(std::vector<Ref<void>>{one, three, five});
  EXPECT_EQ(sorted_numbers(gc::get_referents(list)), (std::vector{1, 3, 5}));

  const auto tuple = make<std::tuple<Ref<int>, Ref<int>, Ref<int>>>(one, three, five);
  EXPECT_EQ(sorted_numbers(gc::get_referents(tuple)), (std::vector{1, 3, 5}));

  const auto mapping = make<Mapping>();
  mapping->entries[one] = three;
  mapping->entries[five] = seven;
  EXPECT_EQ(sorted_numbers(gc::get_referents(mapping)), (std::vector{1, 3, 5, 7}));

  // Of several objects at once, each reference once.
  const auto zero = make<int>(0);
  const auto triple = make<Triple>(std::array{zero, zero, zero});
  EXPECT_EQ(sorted_numbers(gc::get_referents(list, mapping, triple)),
            (std::vector{0, 0, 0, 1, 1, 3, 3, 5, 5, 7}));

  const auto text = make<std::string>("a");
  EXPECT_TRUE(gc::get_referents(one, text).empty());
}

struct Empty {};
struct WithNumbers {
  int count = 0;
  std::vector<double> values;
};

TEST_F(GcConformance, TracksWhatCanHoldReferences) {
  EXPECT_FALSE(gc::is_tracked(nullptr));
  EXPECT_FALSE(gc::is_tracked(make<int>(1)));
  EXPECT_FALSE(gc::is_tracked(make<double>(1.0)));
  EXPECT_FALSE(gc::is_tracked(make<bool>(true)));
  EXPECT_FALSE(gc::is_tracked(make<std::string>("a")));
  EXPECT_FALSE(gc::is_tracked(make<Empty>()));
  EXPECT_FALSE(gc::is_tracked(make<WithNumbers>()));

  EXPECT_TRUE(gc::is_tracked(make<Loop>()));
  EXPECT_TRUE(gc::is_tracked(make<Derived>()));
  EXPECT_TRUE(gc::is_tracked(make<List>()));
  EXPECT_TRUE(gc::is_tracked(make<std::vector<Ref<int>>>()));
  EXPECT_TRUE(gc::is_tracked(make<std::tuple<Ref<int>>>()));
}

TEST_F(GcConformance, GetsObjects) {
  gc::collect();
  auto list = make<List>();
  list->items.push_back(list);
  EXPECT_TRUE(contains(gc::get_objects(), list));
}

TEST_F(GcConformance, GetsTheObjectsOfEachGeneration) {
  gc::collect();
  auto list = make<List>();
  list->items.push_back(list);
  const auto is_just_in = [&](int generation) {
    for (int other = 0; other <= 2; ++other) {
      if (contains(gc::get_objects(other), list) != (other == generation)) return false;
    }
    return true;
  };
  EXPECT_TRUE(is_just_in(0));
  gc::collect(0);
  EXPECT_TRUE(is_just_in(1));
  gc::collect(1);
  EXPECT_TRUE(is_just_in(2));
  gc::collect(2);
  EXPECT_TRUE(is_just_in(2));
}

TEST_F(GcConformance, GetsTheObjectsOfAllGenerationsWithoutAnArgument) {
  const auto old = make<List>();
  gc::collect();
  const auto middle = make<List>();
  gc::collect(0);
  const auto young = make<List>();
  EXPECT_EQ(gc::get_objects().size(), 3u);
  EXPECT_EQ(gc::get_objects(0).size(), 1u);
  EXPECT_EQ(gc::get_objects(1).size(), 1u);
  EXPECT_EQ(gc::get_objects(2).size(), 1u);
}

// ---- callbacks ------------------------------------------------------------------------------

struct Uncollectable {
  Ref<Uncollectable> partner;
  void finalize() {}
};

Ref<Uncollectable> make_uncollectable() {
  auto first = make<Uncollectable>();
  first->partner = make<Uncollectable>(first);
  return first;
}

class GcCallbackConformance : public ouro::test::ConformanceTest {
 protected:
  struct Visit {
    int callback;
    gc::Phase phase;
    gc::CollectionInfo info;
  };

  GcCallbackConformance() {
    gc::callbacks().push_back([this](gc::Phase phase, const gc::CollectionInfo& info) {
      visits_.push_back({1, phase, info});
    });
    gc::callbacks().push_back([this](gc::Phase phase, const gc::CollectionInfo& info) {
      visits_.push_back({2, phase, info});
      if (cleans_up_ && phase == gc::Phase::stop) clean_up();
    });
  }
  ~GcCallbackConformance() override { gc::callbacks().clear(); }

  static void clean_up() {
    const auto garbage = std::exchange(gc::garbage(), {});
    for (const Ref<void>& object : garbage) {
      ouro::static_pointer_cast<Uncollectable>(object)->partner = nullptr;
    }
  }

  std::vector<Visit> visits_;
  bool cleans_up_ = false;
};

TEST_F(GcCallbackConformance, CallsEachAtStartAndStop) {
  gc::collect();
  ASSERT_EQ(visits_.size(), 4u);
  for (std::size_t at = 0; at < 4; ++at) {
    EXPECT_EQ(visits_[at].callback, at % 2 == 0 ? 1 : 2);
    EXPECT_EQ(visits_[at].phase, at < 2 ? gc::Phase::start : gc::Phase::stop);
    EXPECT_EQ(visits_[at].info.collected, 0u);
    EXPECT_EQ(visits_[at].info.uncollectable, 0u);
  }
}

TEST_F(GcCallbackConformance, TellsTheGeneration) {
  for (int generation = 0; generation <= 2; ++generation) {
    visits_.clear();
    gc::collect(generation);
    ASSERT_EQ(visits_.size(), 4u);
    for (const Visit& visit : visits_) EXPECT_EQ(visit.info.generation, generation);
  }
}

TEST_F(GcCallbackConformance, TellsWhatWasCollectedAndWhatCouldNotBe) {
  ouro::set_legacy_finalizers(true);
  make_uncollectable();
  make_uncollectable();
  make_loop();
  gc::collect();
  for (const Visit& visit : visits_) {
    const bool is_stop = visit.phase == gc::Phase::stop;
    EXPECT_EQ(visit.info.collected, is_stop ? 1u : 0u);
    EXPECT_EQ(visit.info.uncollectable, is_stop ? 4u : 0u);
  }
  EXPECT_EQ(gc::garbage().size(), 4u);
  for (const Ref<void>& object : gc::garbage())
    EXPECT_EQ(ouro::type_name(object), "gc_test::Uncollectable");

  // A callback may take care of them.
  clean_up();
  gc::collect();
  make_uncollectable();
  cleans_up_ = true;
  visits_.clear();
  gc::collect();
  for (const Visit& visit : visits_) {
    if (visit.phase == gc::Phase::stop) {
      EXPECT_EQ(visit.info.collected, 0u);
      EXPECT_EQ(visit.info.uncollectable, 2u);
    }
  }
  EXPECT_TRUE(gc::garbage().empty());
}

TEST_F(GcConformance, CountsWhatALegacyFinalizerRefersToAsUncollectable) {
  ouro::set_legacy_finalizers(true);
  {
    // owner -> finalized -> companion: the finalizer may look at companion, nothing may at owner.
    auto finalized = make<Finalized>();
    finalized->self = finalized;
    finalized->companion = make_loop();
    auto owner = make<List>(std::vector<Ref<void>>{finalized});
    owner->items.push_back(owner);
  }
  EXPECT_EQ(gc::collect(), 3u);
  EXPECT_EQ(gc::get_stats()[2].collected, 1u);
  EXPECT_EQ(gc::get_stats()[2].uncollectable, 2u);
  ASSERT_EQ(gc::garbage().size(), 1u);
  ouro::static_pointer_cast<Finalized>(gc::garbage()[0])->self = nullptr;
  gc::garbage().clear();
  EXPECT_EQ(gc::collect(), 1u);
}

}  // namespace gc_test
