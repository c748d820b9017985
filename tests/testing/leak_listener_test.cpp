// What the listener says of the tests in planted_leaks.cpp.
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <array>
#include <cstdio>
#include <string>

namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

struct Ran {
  std::string output;
  bool has_passed = false;
};

Ran run(const std::string& filter, const std::string& options = "",
        const std::string& variables = "") {
  const std::string command = variables + " '" PLANTED_LEAKS "' --gtest_color=no --gtest_filter='" +
                              filter + "' " + options + " 2>&1";
  Ran ran;
  FILE* const pipe = popen(command.c_str(), "r");
  std::array<char, 4096> part{};
  while (std::fgets(part.data(), static_cast<int>(part.size()), pipe) != nullptr) {
    ran.output += part.data();
  }
  ran.has_passed = pclose(pipe) == 0;
  return ran;
}

AssertionResult says(const Ran& ran, const std::string& words) {
  if (ran.output.find(words) != std::string::npos) return AssertionSuccess();
  return AssertionFailure() << "no \"" << words << "\" in\n" << ran.output;
}

AssertionResult passes_silently(const Ran& ran) {
  if (!ran.has_passed) return AssertionFailure() << "failed:\n" << ran.output;
  if (ran.output.find("OURO") != std::string::npos) {
    return AssertionFailure() << "is talked about:\n" << ran.output;
  }
  return AssertionSuccess();
}

TEST(LeakListener, FailsATestThatLeaksAndSaysWhoHoldsWhat) {
  const Ran server = run("Server.ForgetsItsConnections");
  EXPECT_FALSE(server.has_passed);
  EXPECT_TRUE(says(server, "leaves objects alive each time it runs (3 of 3 repeated runs)"));
  EXPECT_TRUE(says(server,
                   "1 Connection  32 bytes     global variable (anonymous namespace)::"
                   "connections[]\n"));
  EXPECT_TRUE(says(server, "2 Packet "));
  EXPECT_TRUE(says(server, "connections[].packets[]\n"));
  EXPECT_TRUE(says(server, "[  FAILED  ] Server.ForgetsItsConnections"));
}

TEST(LeakListener, PassesATestThatCleansUp) {
  EXPECT_TRUE(passes_silently(run("Server.ClosesItsConnections")));
  EXPECT_TRUE(passes_silently(run("OwnFixture.*")));
}

TEST(LeakListener, TellsACacheThatFillsFromOneThatGrows) {
  EXPECT_TRUE(passes_silently(run("Cache.FillsOnce")));
  EXPECT_FALSE(run("Cache.FillsMoreAndMore").has_passed);
}

TEST(LeakListener, KnowsACacheAlsoWhenGoogleTestRepeats) {
  EXPECT_TRUE(passes_silently(run("Cache.FillsOnce", "--gtest_repeat=3")));
}

TEST(LeakListener, OverlooksWhatItIsTold) {
  EXPECT_TRUE(passes_silently(run("Table.*:Skipped.*:Limited.LeavesTwo")));
  EXPECT_FALSE(run("Limited.LeavesThree").has_passed);
}

TEST(LeakListener, LeavesToTheSuiteWhatItsTestsShare) {
  EXPECT_TRUE(passes_silently(run("Shared.*")));
}

TEST(LeakListener, LooksAtEachParameterAlone) {
  const Ran sizes = run("All/Sizes.*");
  EXPECT_TRUE(says(sizes, "[       OK ] All/Sizes.LeaksWhenLarge/0"));
  EXPECT_TRUE(says(sizes, "[  FAILED  ] All/Sizes.LeaksWhenLarge/1"));
}

TEST(LeakListener, TellsOfCyclesAndTheReferenceToMakeWeak) {
  const Ran game = run("Game.MakesCycles");
  EXPECT_TRUE(game.has_passed);
  EXPECT_TRUE(says(game,
                   "[   OURO   ] Game.MakesCycles makes cycles for the collector to find:\n"
                   "  2 groups, 8 objects: Dungeon.monsters[] -> Monster.dungeon ->  make "
                   "weak: Monster.dungeon\n"));
}

TEST(LeakListener, CountsWhatTheCollectorFoundDuringTheTest) {
  EXPECT_TRUE(says(run("Game.MakesSoManyThatTheCollectorRuns"), "objects that it found while"));
}

TEST(LeakListener, FailsForCyclesWhereThatIsWanted) {
  EXPECT_FALSE(run("Game.MakesCycles", "", "FAIL_ON_CYCLES=1").has_passed);
}

TEST(LeakListener, SaysNothingOfTestsThatDidNotComeToTheirEnd) {
  EXPECT_FALSE(says(run("Failing.*"), "alive each time"));
  EXPECT_TRUE(passes_silently(run("Skipping.*")));
}

TEST(LeakListener, SaysWhenATestCannotBeRunAgain) {
  const Ran once = run("Once.*");
  EXPECT_TRUE(once.has_passed);
  EXPECT_TRUE(says(once,
                   "Once.CannotRunAgain left 1 Connection, 2 Packet alive; nobody knows "
                   "whether each run does: it fails when it is run again\n"));
  EXPECT_TRUE(says(run("Ending.*"), "the program ends before the test does"));
}

TEST(LeakListener, SeesWhatThreadsLeaveBehind) {
  EXPECT_TRUE(passes_silently(run("Threads.HaveHeapsOfTheirOwn")));
  const Ran threads = run("Threads.LeaveObjectsBehind");
  EXPECT_FALSE(threads.has_passed);
  EXPECT_TRUE(says(threads, "1 Page  (left behind by a thread that has ended)\n"));
}

TEST(LeakListener, SaysThatAHolderHasNoName) {
  EXPECT_TRUE(says(run("Hidden.*"), "1 Page  16 bytes  a variable outside the heap\n"));
}

TEST(LeakListener, LetsTestsOfTheCollectorAlone) {
  EXPECT_TRUE(run("Debugging.*").has_passed);
}

TEST(LeakListener, LetsDeathTestsAlone) {
  EXPECT_TRUE(passes_silently(run("DeathTest.*")));
  EXPECT_TRUE(passes_silently(run("DeathTest.*", "--gtest_death_test_style=threadsafe")));
}

TEST(LeakListener, TakesEachShardForItself) {
  const Ran server = run("Server.*", "", "GTEST_TOTAL_SHARDS=1 GTEST_SHARD_INDEX=0");
  EXPECT_TRUE(says(server, "[  FAILED  ] Server.ForgetsItsConnections"));
  EXPECT_TRUE(says(server, "[       OK ] Server.ClosesItsConnections"));
}

}  // namespace
