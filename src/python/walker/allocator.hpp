// In a clone: the interpreter's allocators, which a __sizeof__ in C may call, replaced by one that
// takes pages of its own. Another thread, which does not exist in the clone, may have held the lock
// of malloc.
//
// PyMem_SetAllocator takes a lock of its own from 3.12 on. Its holders hold the GIL (it is called
// by tracemalloc and at start-up), as the thread did that cloned, so it was free.
#pragma once

namespace ouro::python::walker {

/// In the clone, before anything is called. False where there is no memory.
bool redirect_allocations();
/// After a call whose result is used no more.
void forget_allocations();

}  // namespace ouro::python::walker
