// Objects that own a frame: generators, coroutines, asynchronous generators, frame objects. Their
// tp_traverse visits the frame's slots; here those edges get the names of the variables.
#pragma once

#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapWalk;

inline bool is_generator_type(const Object* type) {
  const std::uint64_t address = address_of(type);
  return address == symbols.PyGen_Type || address == symbols.PyCoro_Type ||
         address == symbols.PyAsyncGen_Type;
}

/// The interpreter frame, of 3.11 on, that the tp_traverse of such an object visits; null: none.
const void* visited_frame(const Object* object);

void label_generator_edges(HeapWalk& walk, Object* generator);
void label_frame_object_edges(HeapWalk& walk, Object* frame);

}  // namespace ouro::python::walker
