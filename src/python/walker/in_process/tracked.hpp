// What gc.get_objects() gives, without a list and without counting: the objects of the collector's
// lists, of the caller's interpreter, youngest generation first, and not the permanent one.
//
// Precondition of all in_process/: prepare() has succeeded, and holds_still_in_place(): the caller
// holds the GIL and runs nothing of Python meanwhile, so that no list changes.
#pragma once

#include "python/walker/collector_lists.hpp"
#include "python/walker/interpreter.hpp"

namespace ouro::python::walker {

inline const char* own_interpreter() {
  if (symbols.PyInterpreterState_Get == 0) return first_interpreter();
  return call<const char*>(symbols.PyInterpreterState_Get);
}

/// `visit(object)` gives back whether to go on.
template <class VisitObject>
void for_each_own_tracked_until(VisitObject visit) {
  const char* interpreter = own_interpreter();
  for (int generation = 0; generation < kGenerations - 1; ++generation) {
    if (!for_each_tracked_until(interpreter, generation, [](std::uint64_t) {}, visit)) {
      return;
    }
  }
}

template <class VisitObject>
void for_each_own_tracked(VisitObject visit) {
  for_each_own_tracked_until([&](Object* object) {
    visit(object);
    return true;
  });
}

inline bool is_tracked(Object* object) {
  const Object* type = type_of(object);
  if (!has_flag(type, TypeFlag::kHaveGc)) return false;
  const IsGc is_gc = type_is_gc(type);
  if (is_gc != nullptr && is_gc(object) == 0) return false;
  return next_in_collector(address_of(object) - kCollectorHeaderBytes) != 0;
}

}  // namespace ouro::python::walker
