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
#include "python/heap/read_capture.hpp"
#include "python/heap/stacks.hpp"

namespace ouro::python::heap {

/// The name of roots for the question's sake (OwnFrames), which are to be taken out again.
inline constexpr const char* kOwnFrame = "frame of ouro";

/// Adds them to `heap`. Also the namespace of each module, so that a global variable is one step
/// from its module, however many frames run in it.
void add_named_roots(const CollectedHeap& collected, const Stacks& stacks,
                     const std::vector<std::string>& thread_names, const OwnFrames& own_frames,
                     NameTexts& texts, AssembledHeap& heap);

}  // namespace ouro::python::heap
