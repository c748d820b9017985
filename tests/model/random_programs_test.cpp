// Random programs against the model; see random_program.hpp. Replay one with --seed N.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <thread>

#include "model/options.hpp"
#include "model/random_program.hpp"

namespace ouro::model {
namespace {

/// A thread's own heap is as new once in a thread's life.
std::size_t run_one(const Plan& plan) {
  if (!plan.uses_thread_heap) return run_random_program(plan);
  std::size_t done = 0;
  std::thread([&] { done = run_random_program(plan); }).join();
  return done;
}

/// Runs seeds until their operations add up to a share of options().operations.
void run_seeds(Plan plan, std::size_t percent) {
  const ::testing::TestInfo& test = *::testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = std::string(test.test_suite_name()) + "." + test.name();
  plan.name = name;
  plan.is_verbose = options().is_verbose;
  if (options().seed != 0) {
    plan.seed = options().seed;
    run_one(plan);
    return;
  }
  std::size_t done = 0;
  while (done < options().operations / 100 * percent) {
    ++plan.seed;
    done += run_one(plan);
  }
  std::printf("%zu operations, %llu seeds\n", done, static_cast<unsigned long long>(plan.seed));
}

TEST(RandomPrograms, OnOneHeap) {
  run_seeds({.living = 60}, 30);
}

TEST(RandomPrograms, OnALargerHeap) {
  run_seeds({.operations = 40'000, .living = 600}, 5);
}

TEST(RandomPrograms, OnSeveralHeaps) {
  run_seeds({.heaps = 3}, 20);
}

TEST(RandomPrograms, OnAThreadsOwnHeap) {
  run_seeds({.uses_thread_heap = true, .living = 80}, 10);
}

TEST(RandomPrograms, WithSavedGarbage) {
  run_seeds({.living = 60, .saves_all = true}, 10);
}

TEST(RandomPrograms, WithLegacyFinalizers) {
  run_seeds({.living = 60, .has_legacy_finalizers = true}, 10);
}

TEST(RandomPrograms, WithChainsAndHubs) {
  run_seeds({.operations = 40'000, .has_structures = true}, 10);
}

TEST(RandomPrograms, WithQuietObjects) {
  run_seeds({.heaps = 2, .living = 80, .has_quiet = true}, 10);
}

}  // namespace
}  // namespace ouro::model
