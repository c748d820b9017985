// What of the heap is tracked, and what of that modules, frames and frozen objects lead to, found
// by several threads.
//
//   list()   along the collector's lists from both ends, until the two meet
//   flood()  from the roots: an object is looked at when it has been marked, by who comes first
//
// Each object is read twice. What else holds objects (C code, built-in types) is not known here: an
// object that is not marked as alive may be.
#pragma once

#include "python/walker/in_process/class_counts.hpp"
#include "python/walker/in_process/object_marks.hpp"
#include "python/walker/in_process/object_queue.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapFlood {
 public:
  /// `python_class`: see TraversableClasses.
  explicit HeapFlood(const Object* python_class);

  /// First. False where there is no memory.
  bool list();
  /// Counts by class of what gc.get_objects() has; null where threads have counted an object twice
  /// when they met.
  const ClassCounts* counts() const { return has_counts_ ? &counts_ : nullptr; }

  /// After list(). False where there is no memory.
  bool flood();
  /// What is tracked and, after flood(), what is alive.
  const ObjectMarks& marks() const { return marks_; }

 private:
  class Worker;

  /// What modules and frames hold. Whatever else holds objects is found by counting.
  static void mark_roots(Worker& worker);
  void fail() { __atomic_store_n(&has_memory_, false, __ATOMIC_RELAXED); }

  const Object* python_class_;
  // Asked for by who has the GIL: from 3.12 on another thread has no interpreter.
  std::uint64_t first_head_;
  ObjectMarks marks_;
  ObjectQueue queue_;  ///< alive, and not looked at
  ClassCounts counts_;
  bool has_counts_ = false;
  bool has_memory_ = true;
};

}  // namespace ouro::python::walker
