// Tests that fail when they leak, for GoogleTest: one line in any file of the test program,
//
//   OURO_LEAK_TESTS();
//
// or in its main(), between InitGoogleTest and RUN_ALL_TESTS:
//
//   ouro::testing::listen_for_leaks(ouro::testing::LeakOptions().skip("Stress.*"));
//
// After each test the heap of the main thread is compared with what it was before. A test that
// leaves objects behind each time it runs fails, with their types, sizes and the path to who holds
// them; cycles that the collector had to find are told, with the reference to make weak. How
// caches that fill are told from leaks: leak_referee.hpp. docs/guide/leak-tests.md has examples.
//
// Link ouro::testing and GoogleTest 1.10 or newer.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <ouro/testing/leak_options.hpp>
#include <ouro/testing/leak_referee.hpp>

namespace ouro::testing {

class LeakListener : public ::testing::EmptyTestEventListener {
 public:
  explicit LeakListener(LeakOptions options = {}) : referee_(std::move(options)) {}

 private:
  static std::string name_of(const ::testing::TestInfo& test) {
    return std::string(test.test_suite_name()) + "." + test.name();
  }

  void OnTestIterationStart(const ::testing::UnitTest&, int) override { referee_.begin_round(); }
  void OnTestIterationEnd(const ::testing::UnitTest&, int) override { referee_.end_round(); }
  void OnTestStart(const ::testing::TestInfo& test) override { referee_.begin_test(name_of(test)); }

  // Here the fixture is gone and the test still open: what fails now is its failure. GoogleTest
  // calls listeners backwards at the end of things, so the printer's verdict comes after.
  void OnTestEnd(const ::testing::TestInfo& test) override {
    const bool has_passed = test.result()->Passed() && !test.result()->Skipped();
    const Verdict verdict =
        referee_.end_test(name_of(test), has_passed ? Outcome::kPassed : Outcome::kOther,
                          std::chrono::milliseconds(test.result()->elapsed_time()));
    if (!verdict.cycles.empty()) ::testing::Test::RecordProperty("ouro_cycles", verdict.cycles);
    if (!verdict.note.empty()) {
      std::printf("[   OURO   ] %s\n", verdict.note.c_str());
      std::fflush(stdout);
    }
    if (!verdict.failure.empty()) ADD_FAILURE_AT(test.file(), test.line()) << verdict.failure;
  }

  LeakReferee referee_;
};

/// Adds the listener to GoogleTest's, which deletes it in the end.
inline bool listen_for_leaks(LeakOptions options = {}) {
  ::testing::UnitTest::GetInstance()->listeners().Append(new LeakListener(std::move(options)));
  return true;
}

}  // namespace ouro::testing

/// At namespace scope in one file of the program; an argument, if any, is a LeakOptions.
#define OURO_LEAK_TESTS(...)                           \
  [[maybe_unused]] static const bool ouro_leak_tests = \
      ::ouro::testing::listen_for_leaks(__VA_ARGS__)
