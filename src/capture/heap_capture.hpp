// An Ouro heap as a heap graph.
//
//   1. every object becomes a node, in order of addresses
//   2. every reference becomes an edge; named roots (NamedRoot) become nodes with edges of their
//   own
//   3. count - references found = references from outside. Static variables, then the thread's
//   stack,
//      are looked through for who that may be; what is left is a root of kind "outside"
//
// Memory: 4 bytes a slot of the heap beside what GraphBuilder takes.
#pragma once

#include <ouro/detail/heap_walk.hpp>
#include "graph/heap_graph.hpp"

namespace ouro::capture {

/// Precondition: is_safe_moment(heap); the calling thread owns it.
graph::HeapGraph capture_heap(detail::HeapCore& heap);

}  // namespace ouro::capture
