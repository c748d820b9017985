// Takes out of a graph what is held by the question alone (OwnFrames in read_capture.hpp).
//
//   up to 3.10   root --> frame of ouro --.obj--> x     a frame is an object: the root stays, its
//                                                       references become weak
//   from 3.11    root --> x                             a frame is none: the root goes
//
// In both x's count is less by one.
#pragma once

#include "python/heap/assembled_heap.hpp"

namespace ouro::python::heap {

/// Precondition: the roots in question have the name kOwnFrame, and no root of unexplained counts
/// has been added yet.
void take_out_own_frames(AssembledHeap& heap);

}  // namespace ouro::python::heap
