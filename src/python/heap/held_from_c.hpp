// What holds objects besides everything that the walker saw: of each object its count, minus the
// references to it that are counted, minus those of its roots. What is left over is C code, static
// structures, a reference that was never given back: a root of its own, with that many references.
//
// Immortal objects have counts that say nothing: each is a root.
//
// Time: a pass over the references. Memory: 4 bytes an object, for the time of it.
#pragma once

#include <cstdint>

#include "python/heap/assembled_heap.hpp"

namespace ouro::python::heap {

/// Adds the roots, and takes kInternedFlag out of the flags. Returns how many objects have a count
/// below what is known: a mistake of ours, or of a C extension.
std::uint64_t add_roots_of_counts(AssembledHeap& heap);

}  // namespace ouro::python::heap
