// Garbage whose fields are lists of references. Their destructors do not run (TypeLoops::bury), so
// what the lists held of the living must be dropped all the same, once each, and their memory given
// back: that of a leak is for the address sanitizer to say.
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <random>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include <ouro/ouro.hpp>

namespace lists_in_garbage_test {

using ouro::make;
using ouro::Ref;

/// Says when it goes. What nobody but garbage holds goes when the garbage drops it.
struct Watched {
  Watched() = default;
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() { ++gone; }
  static inline std::size_t gone = 0;
};

struct Node {
  std::vector<Ref<Node>> nodes;
  int number = 0;
  Ref<Node> other;
  std::vector<Ref<Watched>> watched;
};

struct NodeOfConst {
  const std::vector<Ref<NodeOfConst>> none;
  std::vector<Ref<NodeOfConst>> nodes;
  const Ref<Watched> watched;
};

std::set<const Node*> reached_from(const std::vector<Ref<Node>>& held) {
  std::set<const Node*> reached;
  std::vector<const Node*> waiting;
  const auto reach = [&](const Ref<Node>& node) {
    if (node != nullptr && reached.insert(node.get()).second) waiting.push_back(node.get());
  };
  for (const Ref<Node>& node : held) reach(node);
  while (!waiting.empty()) {
    const Node* const node = waiting.back();
    waiting.pop_back();
    for (const Ref<Node>& next : node->nodes) reach(next);
    reach(node->other);
  }
  return reached;
}

/// How often the reached, and `held`, hold each of what they hold.
template <class T, class Count>
void expect_counts(const std::set<const Node*>& reached, const std::vector<Ref<T>>& held,
                   Count count) {
  std::multiset<const T*> references;
  for (const Ref<T>& one : held) references.insert(one.get());
  for (const Node* node : reached) count(*node, references);
  for (const Ref<T>& one : held) {
    ASSERT_EQ(ouro::getrefcount(one), references.count(one.get()));
  }
}

TEST(ListsInGarbage, DropWhatTheyHeldOfTheLiving) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    ouro::gc::collect();  // what the last round held
    Watched::gone = 0;
    ouro::gc::disable();  // or some would be older than the collection that is to find them
    const std::size_t count = 1 + random() % 600;
    std::vector<Ref<Watched>> all_watched;
    for (std::size_t i = 0; i < count / 2 + 1; ++i) all_watched.push_back(make<Watched>());
    std::vector<Ref<Node>> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(make<Node>());
    for (const Ref<Node>& node : all) {
      node->nodes.reserve(random() % 5);  // also capacity without elements, and more than needed
      for (std::size_t i = random() % 4; i > 0; --i) {
        // Null among them, itself, and the same one twice.
        node->nodes.push_back(random() % 8 == 0 ? nullptr : all[random() % count]);
        if (random() % 4 == 0) node->nodes.push_back(node->nodes.back());
      }
      if (random() % 2 == 0) node->other = all[random() % count];
      for (std::size_t i = random() % 3; i > 0; --i) {
        node->watched.push_back(all_watched[random() % all_watched.size()]);
      }
    }

    std::vector<Ref<Node>> held;
    std::vector<Ref<Watched>> held_watched;
    for (std::size_t i = random() % 4; i > 0; --i) held.push_back(all[random() % count]);
    for (const Ref<Watched>& watched : all_watched) {
      if (random() % 3 == 0) held_watched.push_back(watched);
    }
    std::set<const Watched*> alive;
    const std::set<const Node*> reached = reached_from(held);
    for (const Node* node : reached) {
      for (const Ref<Watched>& watched : node->watched) alive.insert(watched.get());
    }
    for (const Ref<Watched>& watched : held_watched) alive.insert(watched.get());
    const std::size_t watched_count = all_watched.size();
    all.clear();
    all_watched.clear();
    // Some have died of their counts by now.
    ouro::gc::collect(static_cast<int>(random() % 3));
    ouro::gc::enable();

    EXPECT_EQ(ouro::objgraph::by_type<Node>().size(), reached.size());
    EXPECT_EQ(Watched::gone, watched_count - alive.size());
    expect_counts(reached, held, [](const Node& node, std::multiset<const Node*>& references) {
      for (const Ref<Node>& next : node.nodes) references.insert(next.get());
      references.insert(node.other.get());
    });
    expect_counts(reached, held_watched,
                  [](const Node& node, std::multiset<const Watched*>& references) {
                    for (const Ref<Watched>& one : node.watched) references.insert(one.get());
                  });
  }
}

TEST(ListsInGarbage, MayStandBesideConstants) {
  ouro::gc::collect();
  Watched::gone = 0;
  const Ref<Watched> held = make<Watched>();
  for (const bool is_held : {true, false}) {
    Ref<NodeOfConst> node =
        make<NodeOfConst>(std::vector<Ref<NodeOfConst>>{nullptr, make<NodeOfConst>()},
                          std::vector<Ref<NodeOfConst>>{}, is_held ? held : make<Watched>());
    node->nodes.assign(1000, node);
    node = nullptr;
    EXPECT_EQ(ouro::gc::collect(), 2u);
    EXPECT_EQ(Watched::gone, is_held ? 0u : 1u);
  }
  EXPECT_EQ(ouro::getrefcount(held), 1u);
}

/// The compiler can evaluate these destructors for an object with null in its fields; what they do
/// for others has to happen all the same.
struct CountsAndHolds {
  int* gone = nullptr;
  Ref<CountsAndHolds> next;
  constexpr ~CountsAndHolds() {
    if (gone != nullptr) ++*gone;
  }
};
struct CountsAndLists {
  int* gone = nullptr;
  std::vector<Ref<CountsAndLists>> next;
  constexpr ~CountsAndLists() {
    if (gone != nullptr) ++*gone;
  }
};
struct Counts {
  int* gone = nullptr;
  constexpr ~Counts() {
    if (gone != nullptr) ++*gone;
  }
};
struct CountsWhenItRuns {
  static inline int gone = 0;
  constexpr ~CountsWhenItRuns() {
    if (!std::is_constant_evaluated()) ++gone;
  }
};
struct HasCountingBase : CountsWhenItRuns {
  Ref<HasCountingBase> next;
};

TEST(ListsInGarbage, LeaveDestructorsOfUsersToRun) {
  int gone = 0;
  make<Counts>(&gone);
  EXPECT_EQ(gone, 1);

  make<CountsAndHolds>(&gone);  // by its count
  EXPECT_EQ(gone, 2);
  auto held = make<CountsAndHolds>(&gone);
  held->next = held;
  held = nullptr;
  ouro::gc::collect();
  EXPECT_EQ(gone, 3);

  make<CountsAndLists>(&gone);
  EXPECT_EQ(gone, 4);
  auto listed = make<CountsAndLists>(&gone);
  listed->next = {listed, listed};
  listed = nullptr;
  ouro::gc::collect();
  EXPECT_EQ(gone, 5);

  make<HasCountingBase>();
  EXPECT_EQ(CountsWhenItRuns::gone, 1);
  auto based = make<HasCountingBase>();
  based->next = based;
  based = nullptr;
  ouro::gc::collect();
  EXPECT_EQ(CountsWhenItRuns::gone, 2);
}

/// A destructor of the user's meets null in every field, whatever that held.
struct LooksAtItself {
  Ref<LooksAtItself> self;
  Ref<Watched> living;
  std::vector<Ref<Watched>> more;
  constexpr ~LooksAtItself() {
    if (std::is_constant_evaluated()) return;
    ++gone;
    met += self != nullptr || living != nullptr || (!more.empty() && more[0] != nullptr);
  }
  static inline int gone = 0;
  static inline int met = 0;
};

TEST(ListsInGarbage, AreNullToDestructorsOfUsers) {
  const auto watched = make<Watched>();
  for (int i = 0; i < 100; ++i) {
    const auto garbage = make<LooksAtItself>();
    garbage->self = garbage;
    garbage->living = watched;
    garbage->more.push_back(watched);
  }
  ouro::gc::collect();
  EXPECT_EQ(LooksAtItself::gone, 100);
  EXPECT_EQ(LooksAtItself::met, 0);
  EXPECT_EQ(ouro::getrefcount(watched), 1u);
}

// Which types are buried without their destructors, in a build that does so at all.
#ifndef _GLIBCXX_DEBUG
using ouro::detail::IsReferencesListsAndData;
static_assert(ouro::checked::kEnabled || IsReferencesListsAndData<Node>);
static_assert(!IsReferencesListsAndData<NodeOfConst>);
static_assert(!IsReferencesListsAndData<CountsAndHolds>);
static_assert(!IsReferencesListsAndData<CountsAndLists>);
static_assert(!IsReferencesListsAndData<HasCountingBase>);
static_assert(!ouro::detail::IsReferencesAndData<CountsAndHolds>);
static_assert(!ouro::detail::IsReferencesAndData<HasCountingBase>);
#endif

/// What the trace does not name is not garbage's to forget, and is dropped.
struct TracesSome {
  Ref<TracesSome> self;
  Ref<Watched> forgotten;
  std::vector<Ref<Watched>> forgotten_too;
  OURO_TRACE(self)
};

#if !OURO_CHECKED
TEST(ListsInGarbage, DropWhatTheTraceForgets) {
  Watched::gone = 0;
  auto some = make<TracesSome>();
  some->self = some;
  some->forgotten = make<Watched>();
  some->forgotten_too = {make<Watched>(), nullptr};
  some = nullptr;
  ouro::gc::collect();
  EXPECT_EQ(Watched::gone, 2u);
}
#endif

#if !OURO_CHECKED  // which clears and drops in one walk, field by field
/// When it goes, an item looks at its owner's other fields, as far as they stand. When the owner is
/// garbage they are null, as what they held was garbage too.
template <class Owner>
struct Item {
  explicit Item(Owner* of) : owner(of) {}
  Item(const Item&) = delete;
  Item& operator=(const Item&) = delete;
  ~Item() { owner->look(); }
  Owner* owner;
};
std::size_t met = 0;
struct OwnerOfOne {
  Ref<Item<OwnerOfOne>> item;
  Ref<Node> node;
  Ref<OwnerOfOne> self;
  void look() const { met += node != nullptr || self != nullptr; }
};
struct OwnerOfMany {
  Ref<Node> node;
  std::vector<Ref<Node>> nodes;
  std::vector<Ref<Item<OwnerOfMany>>> items;
  Ref<OwnerOfMany> self;
  void look() const {
    met += node != nullptr;
    for (const Ref<Node>& each : nodes) met += each != nullptr;
  }
};

TEST(ListsInGarbage, AreNullToWhoLooksBack) {
  met = 0;
  for (int i = 0; i < 100; ++i) {
    const auto node = make<Node>();
    node->other = node;
    const auto one = make<OwnerOfOne>();
    one->item = make<Item<OwnerOfOne>>(one.get());
    one->node = node;
    one->self = one;
    const auto many = make<OwnerOfMany>();
    many->node = node;
    many->nodes.assign(10, node);
    for (int k = 0; k < 3; ++k) many->items.push_back(make<Item<OwnerOfMany>>(many.get()));
    many->self = many;
  }
  EXPECT_EQ(ouro::gc::collect(), 300u);
  EXPECT_EQ(met, 0u);
}
#endif

/// What is gone already, and nobody should reach any more, may be reached from what goes next.
struct Neighbour;
struct Reaches {
  explicit Reaches(Neighbour* to) : neighbour(to) {}
  Reaches(const Reaches&) = delete;
  Reaches& operator=(const Reaches&) = delete;
  ~Reaches();
  Neighbour* neighbour;
};
struct Neighbour {
  Ref<Neighbour> other;
  Ref<Reaches> reaches;
};
Reaches::~Reaches() {
  const Ref<Neighbour> copy = neighbour->other;
}

TEST(ListsInGarbage, MayBeCopiedWhileItGoes) {
  ouro::Heap heap;
  const ouro::HeapScope scope(heap);  // where a, b and c lie, and go, in this order
  for (int i = 0; i < 100; ++i) {
    const auto a = make<Neighbour>();
    const auto b = make<Neighbour>();
    const auto c = make<Neighbour>();
    a->other = b;
    b->other = c;
    c->other = a;
    b->reaches = make<Reaches>(c.get());
  }
  const auto alive = make<Neighbour>();
  EXPECT_EQ(ouro::gc::collect(), 300u);
  EXPECT_EQ(ouro::objgraph::by_type<Neighbour>().size(), 1u);
}

/// What goes later may get a weak reference from what goes now.
template <class Owner>
struct Remembers {
  explicit Remembers(Owner* of) : owner(of) {}
  Remembers(const Remembers&) = delete;
  Remembers& operator=(const Remembers&) = delete;
  ~Remembers() { remembered.push_back(ouro::WeakRef<Owner>(ouro::ref_from_this(owner))); }
  Owner* owner;
  static inline std::vector<ouro::WeakRef<Owner>> remembered;
};
struct Remembered {
  Ref<Remembered> other;
  Ref<Remembers<Remembered>> remembers;
  std::vector<Ref<Remembered>> list;
};
struct RememberedWithDestructor {
  Ref<RememberedWithDestructor> other;
  Ref<Remembers<RememberedWithDestructor>> remembers;
  std::vector<Ref<RememberedWithDestructor>> list;
  ~RememberedWithDestructor() {}
};

template <class Owner>
void expect_forgotten() {
  ouro::Heap heap;
  const ouro::HeapScope scope(heap);
  for (int i = 0; i < 100; ++i) {
    const auto a = make<Owner>();
    const auto b = make<Owner>();
    a->other = b;
    b->other = a;
    b->list.assign(3, a);
    a->remembers = make<Remembers<Owner>>(b.get());
  }
  EXPECT_EQ(ouro::gc::collect(), 200u);
  auto& remembered = Remembers<Owner>::remembered;
  EXPECT_EQ(remembered.size(), 100u);
  std::vector<Ref<Owner>> others;
  for (int i = 0; i < 300; ++i) others.push_back(make<Owner>());  // where they were
  for (const auto& weak : remembered) {
    EXPECT_TRUE(weak.expired());
    EXPECT_EQ(weak.lock(), nullptr);
  }
  const ouro::WeakRef<Owner> weak(others[0]);
  remembered.clear();
  EXPECT_EQ(weak.lock(), others[0]);
}

TEST(ListsInGarbage, TakesWeakReferencesOfItsLastMomentAlong) {
  expect_forgotten<Remembered>();
  expect_forgotten<RememberedWithDestructor>();
}

/// By its count an object drops its references in order, and each is null to who looks back.
struct Pair;
struct LooksBack {
  explicit LooksBack(Pair* of) : pair(of) {}
  LooksBack(const LooksBack&) = delete;
  LooksBack& operator=(const LooksBack&) = delete;
  ~LooksBack();
  Pair* pair;
};
struct Pair {
  Ref<Watched> first;
  Ref<LooksBack> second;
};
int looked = 0;
bool first_was_null = false;
LooksBack::~LooksBack() {
  ++looked;
  first_was_null = pair->first == nullptr;
}

TEST(ListsInGarbage, AndWhatGoesByItsCountIsNullAsFarAsItIsGone) {
  auto pair = make<Pair>();
  pair->first = make<Watched>();
  pair->second = make<LooksBack>(pair.get());
  pair = nullptr;
  EXPECT_EQ(looked, 1);
  EXPECT_EQ(first_was_null, !ouro::checked::kEnabled);  // where members go the last first
}

#if !OURO_CHECKED  // which names the reference and ends the program
/// A reference that no trace finds, to what the heap's end frees.
struct Window;
struct Button {
  std::function<void()> on_click;
};
struct Window {
  Ref<Button> button;
  std::size_t number = 0;
};

TEST(ListsInGarbage, OutlastReferencesNobodyKnewOf) {
  std::size_t clicked = 0;
  {
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    for (int i = 0; i < 100; ++i) {
      const auto window = make<Window>();
      window->button = make<Button>();
      window->button->on_click = [window, &clicked] { clicked += window->number; };
    }
  }
  EXPECT_EQ(clicked, 0u);
}
#endif

/// Who tells of garbage, or is asked for some of it, goes other ways to the same end.
TEST(ListsInGarbage, GoWithWeakReferencesByRequestAndWithTheirHeap) {
  ouro::gc::collect();
  Watched::gone = 0;
  const auto make_ring = [] {
    auto node = make<Node>();
    node->nodes = {node, nullptr, make<Node>()};
    node->nodes[2]->nodes.assign(3, node);
    node->watched.push_back(make<Watched>());
    return node;
  };
  {
    auto node = make_ring();
    const ouro::WeakRef<Node> weak(node);
    node = nullptr;
    EXPECT_EQ(ouro::gc::collect(), 2u);
    EXPECT_TRUE(weak.expired());
    EXPECT_EQ(Watched::gone, 1u);
  }
  {
    auto node = make_ring();
    std::vector<Ref<void>> these{node, node->nodes[2]};
    node = nullptr;
    EXPECT_EQ(ouro::gc::collect(std::move(these)), 2u);
    EXPECT_EQ(Watched::gone, 2u);
  }
  {
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    make_ring();
  }
  EXPECT_EQ(Watched::gone, 3u);
}

struct Slot;
/// When it goes it makes objects, also of the type that goes with it: in the very page that is
/// swept.
struct Maker {
  explicit Maker(std::size_t makes) : count(makes) {}
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;
  ~Maker();
  std::size_t count;
};
struct Slot {
  Ref<Slot> self;
  std::vector<Ref<Maker>> makers;
  std::size_t number = 0;
};
std::vector<Ref<Slot>>& made() {
  static std::vector<Ref<Slot>> all;
  return all;
}
Maker::~Maker() {
  for (std::size_t i = 0; i < count; ++i) {
    made().push_back(make<Slot>());
    made().back()->number = made().size();
    const Ref<Slot> garbage = make<Slot>();
    garbage->self = garbage;
  }
}

TEST(ListsInGarbage, MayHoldWhatMakesObjectsWhereTheyWere) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    {
      ouro::Heap heap;  // without empty pages, which would be taken first
      const ouro::HeapScope scope(heap);
      ouro::gc::disable();
      std::vector<Ref<Slot>> all;
      const std::size_t count = 1000 + random() % 3000;
      for (std::size_t i = 0; i < count; ++i) all.push_back(make<Slot>());
      const std::size_t first_maker = random() % count;
      for (std::size_t i = 0; i < count; ++i) {
        // The rest of them goes by its count, and leaves pages with room.
        if (random() % 3 != 0) all[i]->self = all[i];
        if (i >= first_maker && random() % 500 == 0) {
          all[i]->self = all[i];
          all[i]->makers.push_back(make<Maker>(random() % 800));
        }
      }
      all.clear();
      ouro::gc::collect();
      for (std::size_t i = 0; i < 5000; ++i) all.push_back(make<Slot>());
      for (std::size_t i = 0; i < made().size(); ++i) ASSERT_EQ(made()[i]->number, i + 1);
      std::set<const Slot*> places;
      for (const Ref<Slot>& slot : made()) places.insert(slot.get());
      for (const Ref<Slot>& slot : all) places.insert(slot.get());
      EXPECT_EQ(places.size(), made().size() + all.size());
      all.clear();
      made().clear();
    }
  }
}

}  // namespace lists_in_garbage_test
