// Says of each test of a GoogleTest program whether it leaks: what leak_listener.hpp stands on.
//
// A first run of a test fills caches and registries as well as it leaks, and both look the same. So
// a test that leaves objects is under suspicion, no more. The program is then run once more, in a
// process of its own, with that test alone, some times over:
//
//   this process   T1 ok   T2 leaves 3 objects?   --+                 T2 fails   T3 ok
//   its copy                                        +-> T2 T2 T2 T2 -->
//                                                        ^  ^  ^  ^
//                                                  warm-up  each has to leave objects
//
// What each repeated run left, after the tear-down of its suite, is a leak; the least of them is
// how much. Shared objects of a suite, which live until its end, and caches are told apart by that.
//
// The copy gets the same arguments, and GoogleTest's flags for the test and the repetitions. It
// must not matter to the test that this process is there too; if it fails there, nobody knows, and
// the referee says so.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <ouro/testing/leak_options.hpp>

namespace ouro::testing {

/// What is to be said of a test. Each may be empty.
struct Verdict {
  std::string failure;  ///< it leaks
  std::string note;     ///< for the output: cycles; a suspicion that could not be looked into
  std::string cycles;   ///< for a report: the shapes, and the references to make weak
};

enum class Outcome {
  kPassed,
  kOther,  ///< failed or skipped: what it left is not looked at, for it did not come to its end
};

/// Call order, as GoogleTest's events: (begin_round, (begin_test, end_test)*, end_round)*.
class LeakReferee {
 public:
  explicit LeakReferee(LeakOptions options);
  LeakReferee(const LeakReferee&) = delete;
  LeakReferee& operator=(const LeakReferee&) = delete;
  ~LeakReferee();

  void begin_round();
  void begin_test(const std::string& name);
  /// `took`: how long a run of the test takes; one that hangs when it is run again is ended by it.
  Verdict end_test(const std::string& name, Outcome outcome, std::chrono::milliseconds took);
  void end_round();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace ouro::testing
