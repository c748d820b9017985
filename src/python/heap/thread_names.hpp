// What people call the threads of a captured process.
//
// The interpreter knows a number of each; the name is an attribute of a Python object that the
// module threading keeps by that number, and both are in the captured graph: threading._active.
#pragma once

#include <string>
#include <vector>

#include "graph/heap_graph.hpp"
#include "python/heap/collected_heap.hpp"

namespace ouro::python::heap {

/// By number of the thread: "thread 1 (MainThread)"; "thread 2" where it has no name. Greenlets
/// that wait come behind the threads: "thread 3 (greenlet)".
std::vector<std::string> names_of_threads(const CollectedHeap& collected,
                                          const graph::HeapGraph& graph);

}  // namespace ouro::python::heap
