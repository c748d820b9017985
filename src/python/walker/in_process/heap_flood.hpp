// What of the heap modules, frames and frozen objects lead to, found by several threads.
//
//   track    a pass along the collector's lists, the caller's, says what there is
//   flood    from the roots: an object is looked at when it has been marked, by who comes first
//
// What else holds objects (C code, built-in types) is not known here: an object that is not marked
// as alive may be. Where only some classes matter the flood ends when all of theirs are found
// (alive_goal.hpp): of 1.4 million objects a quarter was looked at then, and less.
#pragma once

#include "python/walker/in_process/alive_goal.hpp"
#include "python/walker/in_process/object_marks.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapFlood {
 public:
  /// Takes down that an object is tracked; false where there is no memory. Before run(), all but
  /// frozen ones.
  bool track(const Object* object) {
    ObjectMarks::Byte* marks = marks_.make(address_of(object));
    if (marks != nullptr) ObjectMarks::track(marks, address_of(object));
    return marks != nullptr;
  }
  /// The same for several threads: whether no other has taken it down, as far as this one sees.
  enum class Tracked { kNew, kKnown, kNoMemory };
  Tracked track_once(const Object* object) {
    ObjectMarks::Byte* marks = marks_.make(address_of(object));
    if (marks == nullptr) return Tracked::kNoMemory;
    if (ObjectMarks::is_tracked(marks)) return Tracked::kKnown;
    ObjectMarks::track(marks, address_of(object));
    return Tracked::kNew;
  }
  bool track_all();

  /// `python_class`: see TraversableClasses. Ends early where a goal, if there is one, is reached.
  /// False where there is no memory.
  bool run(const Object* python_class, AliveGoal* goal);
  /// After run().
  const ObjectMarks& marks() const { return marks_; }

 private:
  ObjectMarks marks_;
};

}  // namespace ouro::python::walker
