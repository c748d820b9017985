// What a thread holds besides its frames: the fields of its thread state that own objects.
#pragma once

#include <cstdint>

namespace ouro::python::walker {

class HeapWalk;

/// `state`: a PyThreadState. `thread`: its number in the stream.
void emit_thread_state(HeapWalk& walk, const void* state, std::uint32_t thread);

}  // namespace ouro::python::walker
