// How many objects of each class a running process has, and what it cost to know: a light capture.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/progress.hpp"
#include "python/attach/attach.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/target.hpp"
#include "python/heap/read_totals.hpp"

namespace ouro::python::attach {

struct HeapTotals {
  std::vector<heap::NamedTotal> types;  ///< by name
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::string python_version;  ///< "3.11.7"
  bool walked_in_place = false;
  bool was_collecting = false;  ///< a collection did not end; objects may be missing

  /// The longest time in which the main thread could not go on because of this.
  std::chrono::nanoseconds pause{0};
  /// All of it: the stops by ptrace and the clone. Walked in place: the walk.
  std::chrono::nanoseconds stood_still{0};
  /// CPU time that the clone took: to walk, and to give its memory back. Walked in place: 0.
  std::chrono::nanoseconds clone_cpu{0};
  std::chrono::nanoseconds took{0};  ///< from beginning to end
};

/// The same objects and bytes as a snapshot of that moment would have. Errors: as those of
/// take_snapshot(), but of a file. `options.says_totals` need not be set.
Result<HeapTotals> take_totals(const Target& target, AttachOptions options,
                               const Interruption& interruption, Progress* progress = nullptr);

}  // namespace ouro::python::attach
