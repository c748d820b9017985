// References that outlive their objects, and counts that are no counts.
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include <ouro/ouro.hpp>

#include "support/checked_test.hpp"

namespace {

using ouro::checked::Kind;
using ouro::checked::Report;
using ouro::test::contains;

struct Monster {
  int health = 10;
  ouro::Ref<Monster> friend_of;
};

/// Drops a reference that nobody has: what a Ref that is destroyed twice does.
void drop_one_too_many(const ouro::Ref<Monster>& ref) {
  static_cast<void>(ouro::Ref<Monster>::adopt(ref.get()));
}

class Lifetime : public ouro::test::CheckedTest {};

TEST_F(Lifetime, DroppingOneRefTooManyIsReportedByTheLastOne) {
  auto monster = ouro::make<Monster>();
  const void* const address = monster.get();
  drop_one_too_many(monster);
  EXPECT_TRUE(is_quiet()) << "the count is 0 now, as if nobody held the object";
  monster = nullptr;
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kCountBelowZero);
  EXPECT_EQ(report.type, "Monster");
  EXPECT_EQ(report.address, address);
  EXPECT_TRUE(contains(report.message, "its count would go below zero"));
}

TEST_F(Lifetime, UsingADestroyedObjectIsReported) {
  auto monster = ouro::make<Monster>();
  drop_one_too_many(monster);

  static_cast<void>(monster.operator->());
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kUseAfterDestruction);
  EXPECT_EQ(report.type, "Monster");
  EXPECT_EQ(report.address, monster.get());
  EXPECT_TRUE(contains(report.message, "is dereferenced after the object was destroyed"));

  ouro::Ref<Monster> copy = monster;
  EXPECT_TRUE(contains(only_report().message, "is copied after the object was destroyed"));
  copy = nullptr;
  EXPECT_EQ(only_report().kind, Kind::kCountBelowZero);
  monster = nullptr;
  EXPECT_EQ(only_report().kind, Kind::kCountBelowZero);
}

TEST_F(Lifetime, UsingAnObjectWhosePageHasGoneIsReported) {
  struct Huge {
    std::array<char, 100'000> bytes{};
  };
  auto huge = ouro::make<Huge>();
  static_cast<void>(ouro::Ref<Huge>::adopt(huge.get()));
  static_cast<void>(huge.operator->());
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kUseAfterDestruction);
  EXPECT_TRUE(contains(report.type, "Huge"));
  huge = nullptr;
  EXPECT_EQ(only_report().kind, Kind::kCountBelowZero);
}

#ifndef OURO_SANITIZED  // which would report the look itself
TEST_F(Lifetime, DestroyedBytesAreFilledWithAPattern) {
  auto monster = ouro::make<Monster>();
  const auto other = ouro::make<Monster>();  // keeps the page
  const volatile unsigned char* const bytes =
      reinterpret_cast<const volatile unsigned char*>(monster.get());
  monster = nullptr;
  for (std::size_t at = 0; at < sizeof(Monster); ++at) EXPECT_EQ(bytes[at], 0xDD);
}
#endif

TEST_F(Lifetime, SlotsAreNotUsedAgainAtOnce) {
  auto monster = ouro::make<Monster>();
  const void* const address = monster.get();
  monster = nullptr;
  for (int i = 0; i < 100; ++i) EXPECT_NE(ouro::make<Monster>().get(), address);
}

TEST_F(Lifetime, ARefThatOutlivesItsHeapIsNamedWithItsAddress) {
  ouro::Ref<Monster> outside;
  ouro::Ref<Monster> another;
  {
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    outside = ouro::make<Monster>();
    outside->friend_of = ouro::make<Monster>();
    another = outside;
  }
  Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kHeapStillReferenced);
  EXPECT_EQ(report.type, "Monster");
  EXPECT_TRUE(
      contains(report.message, "2 Refs to objects of type Monster that were in it are left"));
  EXPECT_TRUE(report.address == &outside || report.address == &another);

  static_cast<void>(outside.operator->());
  report = only_report();
  EXPECT_EQ(report.kind, Kind::kUseAfterDestruction);
  EXPECT_EQ(report.type, "Monster");
  EXPECT_TRUE(contains(report.message, "destroyed with its heap"));

  outside = nullptr;
  EXPECT_TRUE(contains(only_report().message, "is dropped after the object was destroyed"));
  another = nullptr;
  EXPECT_EQ(only_report().kind, Kind::kUseAfterDestruction);
}

class Listener {
 public:
  ouro::Untraced<std::vector<ouro::Ref<Monster>>> monsters;
  OURO_TRACE()
};

TEST_F(Lifetime, ReferencesThatGoWithTheHeapAreNoneFromOutside) {
  {
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    std::vector<ouro::Ref<Listener>> listeners;
    const auto monster = ouro::make<Monster>();
    monster->friend_of = monster;
    for (int i = 0; i < 3; ++i) {
      listeners.push_back(ouro::make<Listener>());
      listeners.back()->monsters->push_back(monster);
    }
    // They keep themselves alive: a cycle through what is not traced.
    ouro::make_immortal(listeners.front());
  }
  EXPECT_TRUE(is_quiet());
}

struct Phoenix {
  ouro::Ref<Phoenix>* nest = nullptr;
  ~Phoenix() {
    if (nest != nullptr) *nest = ouro::ref_from_this(this);
  }
};

TEST_F(Lifetime, ADestructorThatRefersToItsOwnObjectIsReported) {
  ouro::Ref<Phoenix> nest;
  auto phoenix = ouro::make<Phoenix>();
  phoenix->nest = &nest;
  phoenix = nullptr;
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kResurrection);
  EXPECT_EQ(report.type, "Phoenix");
  EXPECT_EQ(nest, nullptr) << "a handler that returns finds the program as it was";
}

struct Hasty {
  explicit Hasty(ouro::Ref<Hasty>& out) {
    out = ouro::ref_from_this(this);
    throw std::runtime_error("too hasty");
  }
};

TEST_F(Lifetime, AConstructorThatThrowsWhileOthersHoldItsObjectIsReported) {
  ouro::Ref<Hasty> out;
  EXPECT_THROW(ouro::make<Hasty>(out), std::runtime_error);
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kConstructorThrew);
  EXPECT_EQ(report.type, "Hasty");
  EXPECT_TRUE(
      contains(report.message, "while 1 Ref to the object is held elsewhere (a Ref<Hasty> at 0x"));
  out = nullptr;
  EXPECT_EQ(only_report().kind, Kind::kCountBelowZero);
}

struct Selfish {
  ouro::Ref<Selfish> self() { return ouro::ref_from_this(this); }
};
struct Home {
  ouro::Ref<Monster> owner;
  Selfish guest;
  std::array<Selfish, 2> more;
};

TEST_F(Lifetime, RefFromThisOnTheStackIsReportedAndGivesNull) {
  Selfish on_stack;
  Selfish* volatile unknown = &on_stack;  // or the optimizer warns of the misuse
  EXPECT_EQ(unknown->self(), nullptr);
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kNotAnObject);
  EXPECT_EQ(report.type, "Selfish");
  EXPECT_EQ(report.address, &on_stack);
  EXPECT_TRUE(contains(report.message, "make it with ouro::make"));
}

TEST_F(Lifetime, RefFromThisOfAMemberNamesTheWholeObject) {
  const auto home = ouro::make<Home>();
  EXPECT_EQ(home->guest.self(), nullptr);
  EXPECT_TRUE(contains(only_report().message, "which is part of the Home at 0x"));
  EXPECT_EQ(home->more[1].self(), nullptr);
  EXPECT_TRUE(contains(only_report().message, "byte offset 10, after field 'owner'"));
  const auto whole = ouro::make<Selfish>();
  EXPECT_EQ(whole->self(), whole);
}

TEST_F(Lifetime, DereferencingNullIsReportedWithTheType) {
  const ouro::Ref<Monster> nobody;
  static_cast<void>(nobody.operator->());
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kNullReference);
  EXPECT_EQ(report.type, "Monster");
}

TEST_F(Lifetime, BytesThatAreNoRefAreReported) {
  int unmanaged = 0;
  void* volatile unknown = &unmanaged;  // or the optimizer warns of the misuse
  void* const address = unknown;
  ouro::Ref<Monster> ref;
  std::memcpy(static_cast<void*>(&ref), &address, sizeof address);
  ref = nullptr;
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kNotAnObject);
  EXPECT_EQ(report.address, &unmanaged);
}

TEST_F(Lifetime, MisuseInTheHandlerItselfIsNotReported) {
  int calls = 0;
  const auto recording = ouro::checked::set_handler([&](const Report&) {
    ++calls;
    static_cast<void>(ouro::Ref<Monster>().operator->());
  });
  static_cast<void>(ouro::Ref<Monster>().operator->());
  ouro::checked::set_handler(recording);
  EXPECT_EQ(calls, 1);
}

TEST(DefaultHandlerDeathTest, PrintsTheSentenceAndAborts) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(static_cast<void>(ouro::Ref<Monster>().operator->()),
               "ouro: A null Ref<Monster> is dereferenced");
}

}  // namespace
