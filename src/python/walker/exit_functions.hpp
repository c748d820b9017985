// What atexit.register() was given: functions and their arguments, which stay to the end of the
// program. No object of Python has them. Up to 3.13 an array of C structures does:
//
//   [ pointer | used | room ]   in the state of the module (up to 3.9) or of the interpreter
//        |
//        v
//   [ p0 | null | p2 | ... ]    null: atexit.unregister()
//     |
//     v
//   [ function | arguments, a tuple | keywords, a dict or null ]
//
// From 3.14 on a list does, of tuples (function, arguments, keywords or None), to which the state
// of the interpreter has a pointer.
//
// Where that stands in the state differs from release to release. It is found by its form: numbers
// that fit each other, in front of them a pointer to structures that are all as they have to be; a
// list of nothing but such tuples.
#pragma once

#include <cstdint>

#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapWalk;

struct ExitFunctions {
  const std::uint64_t* entries = nullptr;  ///< addresses; null of one taken back
  std::uint32_t count = 0;
  const Object* list = nullptr;  ///< instead, from 3.14 on
};

/// Of the module atexit; none of any other, where nothing is registered, or where they are not
/// found. `walk` knows what the collector tracks.
ExitFunctions exit_functions_of(const HeapWalk& walk, const Object* module);

}  // namespace ouro::python::walker
