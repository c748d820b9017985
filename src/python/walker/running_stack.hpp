// What lies on the stack of a frame whose stack pointer is in a register: up to 3.13, of each frame
// that waits for a C function (and so, up to 3.10, of each but a generator's that is suspended).
#pragma once

#include <cstdint>

#include "python/walker/frame_view.hpp"
#include "python/walker/memory.hpp"

namespace ouro::python::walker {

/// Memory to work in, kept from frame to frame.
using StackScratch = GrowingArray<std::int16_t>;

struct RunningStack {
  int certain;  ///< so many values are there whatever the frame does
  int depth;    ///< so many are there, if it does what its instruction says; not less
  /// The place of a bound method that is being called: while it is, there stands what it is bound
  /// to, not counted (method_vectorcall in Objects/classobject.c). -1: none.
  int borrowed = -1;
};

/// `newer`: the frame that it waits for; null for the newest of its thread. That one runs its
/// instruction, or has just run it and waits for the lock of the interpreter.
RunningStack find_running_stack(const FrameView& frame, const FrameView* newer,
                                StackScratch& scratch);

}  // namespace ouro::python::walker
