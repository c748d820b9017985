// What of the heap is tracked, and what of that modules, frames and frozen objects lead to, found
// by several threads.
//
//   list     along the collector's lists from both ends, until the two meet
//   flood    from the roots: an object is looked at when it has been marked, by who comes first
//
// Each object is read twice. What else holds objects (C code, built-in types) is not known here: an
// object that is not marked as alive may be.
#pragma once

#include "python/walker/in_process/object_marks.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapFlood {
 public:
  /// `python_class`: see TraversableClasses. False where there is no memory.
  bool run(const Object* python_class);
  /// After run().
  const ObjectMarks& marks() const { return marks_; }

 private:
  ObjectMarks marks_;
};

}  // namespace ouro::python::walker
