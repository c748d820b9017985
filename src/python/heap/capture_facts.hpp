// What a captured graph says of its process and of its making: the rows of `ouro info`.
#pragma once

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"
#include "python/heap/read_capture.hpp"

namespace ouro::python::heap {

/// `captured` has all but its graph.
void add_facts(const CollectedHeap& collected, const CapturedHeap& captured,
               const ReadOptions& options, AssembledHeap& heap);

}  // namespace ouro::python::heap
