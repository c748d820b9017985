#include "python/walker/frames.hpp"

#include "python/walker/heap_walk.hpp"

namespace ouro::python::walker {

void emit_frames(HeapWalk&) {}

bool owns_frame(const Object*) {
  return false;
}

void label_frame_edges(HeapWalk&, Object*) {}

}  // namespace ouro::python::walker
