// The roots that the walker found, named for people:
//
//   thread 1 (MainThread), frame handle server.py:41, local conn
//   module app
//
// in the order in which a person wants them: the path that is shown of several equally short ones
// is that of the first root.
#pragma once

#include <string>
#include <vector>

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"
#include "python/heap/name_texts.hpp"
#include "python/heap/stacks.hpp"

namespace ouro::python::heap {

/// Adds them to `heap`. Also the namespace of each module, so that a global variable is one step
/// from its module, however many frames run in it.
void add_named_roots(const CollectedHeap& collected, const Stacks& stacks,
                     const std::vector<std::string>& thread_names, NameTexts& texts,
                     AssembledHeap& heap);

}  // namespace ouro::python::heap
