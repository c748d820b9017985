// Makes the graph of all that a walker has said: names, roots, facts.
#pragma once

#include "python/heap/collected_heap.hpp"
#include "python/heap/read_capture.hpp"

namespace ouro::python::heap {

/// Precondition: `collected` is from HeapCollector::finish(), so that all numbers in it are in
/// range.
CapturedHeap assemble(CollectedHeap collected, const ReadOptions& options);

}  // namespace ouro::python::heap
