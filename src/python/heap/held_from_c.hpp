// What holds objects besides everything that the walker saw: of each object its count, minus the
// references to it that are counted, minus those of its roots. What is left over is C code, static
// structures, a reference that was never given back: a root of its own, with that many references.
// Where a library's static data points to the object, it is named as the one who holds it, once for
// each such pointer:
//
//   count 5 = 2 references + 1 local variable + 1 static data of _ssl.so + 1 C code
//
// Immortal objects have counts that say nothing: each is a root.
//
// Time: a pass over the references. Memory: 4 bytes an object, for the time of it.
#pragma once

#include <cstdint>

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"

namespace ouro::python::heap {

/// Adds the roots (of `collected` those of kStaticData are looked at), and takes kInternedFlag out
/// of the flags. Returns how many objects have a count below what is known: a mistake of ours, or
/// of a C extension.
std::uint64_t add_roots_of_counts(const CollectedHeap& collected, AssembledHeap& heap);

}  // namespace ouro::python::heap
