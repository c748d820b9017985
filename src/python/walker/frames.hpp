// What runs: threads, their frames and the variables in them, and the frames that objects own.
//
// The walk calls these; frames.cpp says what they find.
#pragma once

#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapWalk;
class StreamWriter;

/// Called once, after all objects found so far were walked: writes threads, frames and their roots,
/// which may discover more objects; the walk goes on with those.
void emit_frames(HeapWalk& walk);

/// The same for the greenlets that wait, from the one at place `first` of HeapWalk::greenlets() on.
/// How many there are; the walk that follows may find more.
std::uint32_t emit_greenlets(HeapWalk& walk, std::uint32_t first);

/// Whether objects of this class own a frame whose variables name their edges: generators,
/// coroutines, asynchronous generators, frame objects. Asked once a class.
bool owns_frame(const Object* type);

/// Names the edges of the object being walked (of a class of which owns_frame() is true), which
/// tp_traverse has just produced: HeapWalk::label().
void label_frame_edges(HeapWalk& walk, Object* object);

/// What such an object says of itself: its function and where it is.
void write_frame_text(StreamWriter& writer, std::uint32_t number, const Object* object);

}  // namespace ouro::python::walker
