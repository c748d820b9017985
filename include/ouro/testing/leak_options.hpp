// What the leak tests of a program are to overlook, and how thorough they are.
//
//   OURO_LEAK_TESTS(ouro::testing::LeakOptions()
//                       .allow<Symbol>()           // a table that only grows, on purpose
//                       .limit("Parser.*", 3)      // these may leave three objects each
//                       .skip("Stress.*"));
//
// Patterns are GoogleTest's: `*` is any text, `?` any character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ouro/detail/type_info_of.hpp>

namespace ouro::testing {

/// What becomes of a test that made cycles which the collector had to find. It is no leak: the
/// collector frees them. But they live until it looks, and looking costs time.
enum class Cycles {
  kTell,    ///< a line in the output, and the property "ouro_cycles" in the XML report
  kFail,    ///< the test fails: for programs that mean to need no collector
  kIgnore,  ///< no word of it
};

class LeakOptions {
 public:
  /// Objects made as a T may stay.
  template <class T>
  LeakOptions& allow() {
    return allow(std::string(detail::type_info<T>.name));
  }
  /// The same for all types of these names, as gc and objgraph say them.
  LeakOptions& allow(std::string type_pattern) { return limit(std::move(type_pattern), "*", kAny); }

  /// Tests of these names, "Suite.Test", may leave that many objects each.
  LeakOptions& limit(std::string test_pattern, std::size_t objects) {
    limits_.push_back({"*", std::move(test_pattern), objects});
    return *this;
  }
  /// They may leave that many objects of these types.
  LeakOptions& limit(std::string type_pattern, std::string test_pattern, std::size_t objects) {
    limits_.push_back({std::move(type_pattern), std::move(test_pattern), objects});
    return *this;
  }

  /// Tests of these names are not looked at.
  LeakOptions& skip(std::string test_pattern) {
    skipped_.push_back(std::move(test_pattern));
    return *this;
  }

  LeakOptions& cycles(Cycles what) {
    cycles_ = what;
    return *this;
  }

  /// How often a test under suspicion is run again: once to warm up, and so many times in each of
  /// which it has to leave objects to be called a leak. 0: the first run decides, and a cache that
  /// fills is called a leak.
  LeakOptions& repeated_runs(unsigned runs) {
    repeated_runs_ = runs;
    return *this;
  }

  /// How many objects of the type the test may leave.
  std::size_t limit_of(std::string_view type, std::string_view test) const;
  bool skips(std::string_view test) const;
  Cycles cycles() const { return cycles_; }
  unsigned repeated_runs() const { return repeated_runs_; }

 private:
  static constexpr std::size_t kAny = static_cast<std::size_t>(-1);

  struct Limit {
    std::string type_pattern;
    std::string test_pattern;
    std::size_t objects;
  };

  std::vector<Limit> limits_;
  std::vector<std::string> skipped_;
  Cycles cycles_ = Cycles::kTell;
  unsigned repeated_runs_ = 3;
};

}  // namespace ouro::testing
