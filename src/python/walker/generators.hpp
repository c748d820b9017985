// Objects that own a frame: generators, coroutines, asynchronous generators, frame objects. Their
// tp_traverse visits the frame's slots; here those edges get the names of the variables.
#pragma once

#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapWalk;

bool is_generator_type(const Object* type);

void label_generator_edges(HeapWalk& walk, Object* generator);
void label_frame_object_edges(HeapWalk& walk, Object* frame);

}  // namespace ouro::python::walker
