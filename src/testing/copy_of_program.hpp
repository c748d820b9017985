// The program once more, with one test alone, some times over.
//
//   this process                            the copy (/proc/self/exe)
//   run_copy("S.T") -- arguments, flags --> finds CopyOrder::given(), runs S.T
//                                           some rounds, writes what each left
//                   <-- report (a file) --  CopyOrder::write()
//
// The report: the first line "ran" or why not; then a line for each type of object, its fields
// apart by tabs: type, objects, bytes, places.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include <ouro/testing/leaks.hpp>

namespace ouro::testing {

/// What a copy has been told to do.
struct CopyOrder {
  unsigned rounds = 0;  ///< with the first, which warms up
  std::string report_path;

  /// Nothing where this process is no copy.
  static std::optional<CopyOrder> given();
  void write(const std::vector<LeftAlive>& alive) const;
  void write_failure(const std::string& reason) const;
};

/// Runs the test `rounds` times in a copy, for `most` at most. What each round but the first left,
/// or why nobody knows.
Result<std::vector<LeftAlive>> run_copy(const std::string& test, unsigned rounds,
                                        std::chrono::milliseconds most);

}  // namespace ouro::testing
