#include "python/walker/generators.hpp"

#include "python/walker/frame_view.hpp"
#include "python/walker/heap_walk.hpp"

namespace ouro::python::walker {
namespace {

// What Python calls the parts of a generator.
struct PartNames {
  const char* frame;
  const char* code;
  const char* awaited;
};

PartNames names_of(const Object* generator) {
  const std::uint64_t type = address_of(type_of(generator));
  if (type == symbols.PyCoro_Type) return {"cr_frame", "cr_code", "awaits"};
  if (type == symbols.PyAsyncGen_Type) return {"ag_frame", "ag_code", "awaits"};
  return {"gi_frame", "gi_code", "yields from"};
}

/// gi_frame_state when its frame is gone: FRAME_CLEARED.
bool is_cleared(int state) {
  return state >= (layout.minor >= 15 ? 5 : 4);
}

/// A borrowed slot is visited by tp_traverse as if it were owned, unless it is the collector's own
/// visit function that asks (_PyGC_VisitStackRef); so the walk sees edges that are no counts.
EdgeKind kind_of(const Slot& slot, EdgeMeaning meaning) {
  return slot.is_owned ? owned(meaning) : weak(meaning);
}

void label_attribute(HeapWalk& walk, const Slot& slot, const char* name) {
  if (slot.object == nullptr) return;
  walk.label(slot.object, kind_of(slot, EdgeMeaning::kAttribute), walk.named(name));
}
void label_attribute(HeapWalk& walk, Object* object, const char* name) {
  label_attribute(walk, Slot{object, true}, name);
}

/// Variables and values of a frame, in their order: that of _PyFrame_Traverse and frame_traverse.
void label_slots(HeapWalk& walk, const FrameView& frame, int awaited, const char* awaited_name) {
  for (int i = 0; i < frame.variable_count(); ++i) {
    const Variable variable = frame.variable_at(i);
    if (variable.slot.object == nullptr) continue;
    walk.label(variable.slot.object, kind_of(variable.slot, EdgeMeaning::kVariable),
               walk.named_by(variable.name));
  }
  const int depth = frame.stack_depth();
  for (int i = 0; i < depth; ++i) {
    const Slot slot = frame.stack_at(i);
    if (slot.object == nullptr) continue;
    if (i == awaited) {
      label_attribute(walk, slot, awaited_name);
    } else {
      walk.label(slot.object, kind_of(slot, EdgeMeaning::kOther));
    }
  }
}

/// Of a frame from 3.11 on: _PyFrame_Traverse.
void label_interpreter_frame(HeapWalk& walk, const FrameView& frame, int state,
                             const PartNames& names) {
  label_attribute(walk, frame.frame_object(), names.frame);
  label_attribute(walk, frame.namespace_dict(), "f_locals");
  label_attribute(walk, frame.function(), "function");
  label_attribute(walk, frame.code(), names.code);
  // While C code runs in it, a frame up to 3.13 shows tp_traverse no slots at all.
  if (frame.stack_depth() < 0) return;
  label_slots(walk, frame, frame.awaited_index(state), names.awaited);
}

}  // namespace

const void* visited_frame(const Object* object) {
  if (frame_layout.is_object) return nullptr;
  const void* frame = nullptr;
  if (is_generator_type(type_of(object))) {
    if (is_cleared(load<signed char>(object, frame_layout.generator_state))) return nullptr;
    frame = reinterpret_cast<const char*>(object) + frame_layout.generator_frame;
  } else if (is_exactly(object, symbols.PyFrame_Type)) {
    frame = load<const void*>(object, frame_layout.frame_object_frame);
    if (frame == nullptr) return nullptr;
    // The frame of a function that runs is its thread's, or its generator's.
    if (load<signed char>(frame, frame_layout.owner) != FrameOwner::kFrameObject) return nullptr;
  }
  return frame != nullptr && FrameView(frame).is_python() ? frame : nullptr;
}

void label_generator_edges(HeapWalk& walk, Object* generator) {
  const PartNames names = names_of(generator);
  if (frame_layout.is_object) {
    label_attribute(walk, load_object(generator, frame_layout.generator_frame), names.frame);
    return;
  }
  label_attribute(walk, load_object(generator, frame_layout.generator_name), "__name__");
  label_attribute(walk, load_object(generator, frame_layout.generator_name + 8), "__qualname__");
  const int state = load<signed char>(generator, frame_layout.generator_state);
  if (const void* address = visited_frame(generator)) {
    label_interpreter_frame(walk, FrameView(address), state, names);
  } else if (is_cleared(state)) {
    const FrameView frame(reinterpret_cast<const char*>(generator) + frame_layout.generator_frame);
    label_attribute(walk, frame.code(), names.code);
  }
}

void label_frame_object_edges(HeapWalk& walk, Object* object) {
  if (!frame_layout.is_object) {
    label_attribute(walk, load_object(object, frame_layout.frame_object_frame - 8), "f_back");
    label_attribute(walk, load_object(object, frame_layout.frame_object_frame + 8), "f_trace");
    if (const void* address = visited_frame(object)) {
      label_interpreter_frame(walk, FrameView(address), 0, {"frame", "f_code", "awaits"});
    }
    return;
  }
  const FrameView frame(object);
  if (!frame.is_python()) return;
  // frame_traverse visits in the order of the fields.
  label_attribute(walk, load_object(object, frame_layout.previous), "f_back");
  label_attribute(walk, frame.code(), "f_code");
  label_attribute(walk, load_object(object, frame_layout.code + 8), "f_builtins");
  label_attribute(walk, load_object(object, frame_layout.code + 16), "f_globals");
  label_attribute(walk, frame.namespace_dict(), "f_locals");
  label_attribute(walk, load_object(object, frame_layout.trace_function), "f_trace");
  Object* generator = frame.generator();
  const char* awaited = generator == nullptr ? "awaits" : names_of(generator).awaited;
  label_slots(walk, frame, generator == nullptr ? -1 : frame.awaited_index(0), awaited);
}

}  // namespace ouro::python::walker
