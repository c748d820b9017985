// Tests that leak, and tests that only look so. leak_listener_test.cpp says what is to be said of
// each.
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <ouro/ouro.hpp>
#include <ouro/testing/leak_listener.hpp>

namespace {

using ouro::make;
using ouro::Ref;

struct Packet {
  char bytes[1000] = {};
};
struct Connection {
  std::vector<Ref<Packet>> packets;
};
struct Symbol {
  int number = 0;
};
struct Page {
  Ref<Page> next;
};
struct Monster;
struct Dungeon {
  std::vector<Ref<Monster>> monsters;
};
struct Monster {
  Ref<Dungeon> dungeon;
};

OURO_LEAK_TESTS(ouro::testing::LeakOptions()
                    .allow<Symbol>()
                    .limit("Limited.*", 2)
                    .skip("Skipped.*")
                    .cycles(std::getenv("FAIL_ON_CYCLES") ? ouro::testing::Cycles::kFail
                                                          : ouro::testing::Cycles::kTell));

std::vector<Ref<Connection>> connections;
std::map<std::string, Ref<Page>> pages;
std::vector<Ref<Symbol>> symbols;
std::vector<Ref<Page>> limited;
std::vector<Ref<Page>> of_threads;
std::vector<Ref<Page>> abandoned;

void serve_client() {
  const auto connection = make<Connection>();
  connection->packets.push_back(make<Packet>());
  connection->packets.push_back(make<Packet>());
  connections.push_back(connection);
}

Ref<Page> page_named(const std::string& name) {
  Ref<Page>& page = pages[name];
  if (page == nullptr) page = make<Page>();
  return page;
}

void make_dungeons(int count) {
  for (int at = 0; at < count; ++at) {
    const auto dungeon = make<Dungeon>();
    for (int monster = 0; monster < 3; ++monster) {
      dungeon->monsters.push_back(make<Monster>(dungeon));
    }
  }
}

TEST(Server, ForgetsItsConnections) {
  serve_client();
}

TEST(Server, ClosesItsConnections) {
  serve_client();
  connections.pop_back();
}

TEST(Cache, FillsOnce) {
  EXPECT_NE(page_named("index"), nullptr);
}
TEST(Cache, FillsMoreAndMore) {
  page_named("page " + std::to_string(pages.size()));
}
TEST(Table, GrowsOnPurpose) {
  symbols.push_back(make<Symbol>());
}

TEST(Limited, LeavesTwo) {
  limited.push_back(make<Page>());
  limited.push_back(make<Page>());
}
TEST(Limited, LeavesThree) {
  for (int at = 0; at < 3; ++at) limited.push_back(make<Page>());
}
TEST(Skipped, Leaks) {
  serve_client();
}

class Shared : public testing::Test {
 protected:
  static void SetUpTestSuite() { world() = std::make_unique<std::vector<Ref<Page>>>(); }
  static void TearDownTestSuite() { world().reset(); }
  static std::unique_ptr<std::vector<Ref<Page>>>& world() {
    static std::unique_ptr<std::vector<Ref<Page>>> one;
    return one;
  }
};
TEST_F(Shared, AddsToWhatTheSuiteShares) {
  world()->push_back(make<Page>());
}
TEST_F(Shared, AddsMore) {
  world()->push_back(make<Page>());
}

class OwnFixture : public testing::Test {
 protected:
  Ref<Page> page_ = make<Page>(make<Page>());
};
TEST_F(OwnFixture, GoesWithTheTest) {
  EXPECT_NE(page_->next, nullptr);
}

class Sizes : public testing::TestWithParam<int> {};
TEST_P(Sizes, LeaksWhenLarge) {
  if (GetParam() > 1) serve_client();
}
INSTANTIATE_TEST_SUITE_P(All, Sizes, testing::Values(1, 2));

TEST(Game, MakesCycles) {
  make_dungeons(2);
}
TEST(Game, MakesSoManyThatTheCollectorRuns) {
  make_dungeons(2000);
}

TEST(Failing, LeavesObjects) {
  serve_client();
  FAIL() << "on purpose";
}
TEST(Skipping, LeavesObjects) {
  serve_client();
  GTEST_SKIP() << "on purpose";
}
TEST(Once, CannotRunAgain) {
  static bool has_run = false;
  serve_client();
  ASSERT_FALSE(has_run);
  has_run = true;
}
TEST(Ending, EndsTheProgramNextTime) {
  static bool has_run = false;
  serve_client();
  if (has_run) std::_Exit(3);
  has_run = true;
}

TEST(Threads, HaveHeapsOfTheirOwn) {
  std::thread([] {
    make_dungeons(10);
    ouro::gc::collect();
    const auto page = page_named("of the thread");
    pages.erase("of the thread");
  }).join();
}
TEST(Threads, LeaveObjectsBehind) {
  std::thread([] { of_threads.push_back(make<Page>()); }).join();
}

TEST(Hidden, HeldByNobodyKnown) {
  static std::map<int, Ref<Page>> hidden;
  hidden[static_cast<int>(hidden.size())] = make<Page>();
}

TEST(Debugging, KeepsTheGarbageItWantsToSee) {
  ouro::gc::set_debug(ouro::gc::DEBUG_SAVEALL);
  make_dungeons(1);
  EXPECT_EQ(ouro::gc::collect(), 4u);
  EXPECT_EQ(ouro::gc::garbage().size(), 4u);
  ouro::gc::set_debug(0);
  ouro::gc::garbage().clear();
}

TEST(DeathTest, DiesElsewhere) {
  EXPECT_EXIT(
      {
        serve_client();
        std::exit(7);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
