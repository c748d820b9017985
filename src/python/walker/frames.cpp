// Threads, greenlets and frames of all interpreters, as roots.
//
// Who counts what a frame's slots refer to:
//
//   up to 3.10                the frame object, whose tp_traverse visits the variables always, its
//                             stack only while it does not run. The frame object itself is counted
//                             once by the interpreter that runs it, or by its generator.
//   from 3.11, of a thread    nobody but the frame: roots.
//   from 3.11, of a generator the generator, whose tp_traverse visits the slots; but up to 3.13 not
//                             while C code runs in the frame: roots then.
//
// A variable that is counted elsewhere is said all the same, with no references: so that a path to
// an object can begin at the name a person knows it by.
#include "python/walker/frames.hpp"

#include "python/walker/frame_view.hpp"
#include "python/walker/generators.hpp"
#include "python/walker/greenlets.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/running_stack.hpp"
#include "python/walker/thread_states.hpp"

namespace ouro::python::walker {
namespace {

using stream::kNoNode;
using stream::RootWhat;

/// Interpreters and threads are lists, the newest first; they are numbered the oldest first, so
/// that 0 is the main one. The functions that go along them are plain loads in every version
/// (Python/pystate.c).
int length_of_list(void* first, std::uint64_t next) {
  int length = 0;
  for (void* item = first; item != nullptr; item = call<void*>(next, item)) ++length;
  return length;
}
void* item_at(void* first, std::uint64_t next, int place) {
  void* item = first;
  for (int i = 0; i < place; ++i) item = call<void*>(next, item);
  return item;
}

/// Says the roots of one frame.
class FrameRoots {
 public:
  FrameRoots(HeapWalk& walk, std::uint32_t thread, std::uint32_t depth)
      : walk_(walk), thread_(thread), depth_(depth) {}

  void emit(const Slot& slot, bool is_counted, RootWhat what, const char* text,
            const Object* name = nullptr) {
    if (slot.object == nullptr) return;
    walk_.emit_root({.node = walk_.number_of(slot.object),
                     .kind = static_cast<std::uint16_t>(graph::RootKind::kLocal),
                     .what = static_cast<std::uint16_t>(what),
                     .references = slot.is_owned && is_counted ? 1u : 0u,
                     .thread = thread_,
                     .depth = depth_,
                     .name = name == nullptr ? kNoNode : walk_.number_of(name)},
                    text);
  }
  void emit(Object* object, bool is_counted, const char* text) {
    emit(Slot{object, true}, is_counted, RootWhat::kFrame, text);
  }

  void emit_variables(const FrameView& frame, bool are_counted) {
    for (int i = 0; i < frame.variable_count(); ++i) {
      const Variable variable = frame.variable_at(i);
      Object* value = variable.slot.object;
      if (value == nullptr) continue;
      emit(variable.slot, are_counted, RootWhat::kLocal, "", variable.name);
      const bool is_cell = (variable.kind & (VariableKind::kCell | VariableKind::kFree)) != 0;
      // Before the function's first instructions have run, an argument still lies bare in its slot.
      if (is_cell && is_exactly(value, symbols.PyCell_Type)) {
        emit(Slot{cell_contents(value), false}, false, RootWhat::kLocal, "", variable.name);
      }
    }
  }

  /// Values [first, end) of the frame's stack.
  void emit_stack(const FrameView& frame, int first, int end, bool are_counted) {
    for (int i = first; i < end; ++i) emit(frame.stack_at(i), are_counted, RootWhat::kStack, "");
  }

  /// The values of a frame whose stack pointer only C code knows. What is above of the depth that
  /// is certain is said only of objects that were found already: were a value there stale after
  /// all, it would be no object any more.
  void emit_running_stack(const FrameView& frame, const FrameView* newer, StackScratch& scratch) {
    const RunningStack stack = find_running_stack(frame, newer, scratch);
    emit_stack(frame, 0, stack.certain, true);
    for (int i = stack.certain; i < stack.depth; ++i) {
      Slot slot = frame.stack_at(i);
      if (!may_be_object(slot.object) || walk_.find_number(slot.object) == kNoNode) continue;
      if (i == stack.borrowed) slot.is_owned = false;
      emit(slot, true, RootWhat::kStack, "");
    }
  }

 private:
  HeapWalk& walk_;
  std::uint32_t thread_;
  std::uint32_t depth_;
};

/// What a frame that is an object holds besides: up to 3.10.
void emit_object_frame(FrameRoots& roots, const FrameView& frame, const FrameView* newer,
                       StackScratch& scratch) {
  Object* generator = frame.generator();
  roots.emit(object_at(address_of(frame.address())), generator == nullptr, "frame");
  roots.emit(generator, false, "generator");
  roots.emit_variables(frame, false);
  if (frame.stack_depth() < 0) roots.emit_running_stack(frame, newer, scratch);
}

void emit_interpreter_frame(FrameRoots& roots, const FrameView& frame, const FrameView* newer,
                            StackScratch& scratch) {
  Object* generator = frame.generator();
  const int depth = frame.stack_depth();
  const bool is_visited = generator != nullptr;
  const bool are_slots_visited = is_visited && depth >= 0;
  roots.emit(frame.function(), !is_visited, RootWhat::kFrame, "function");
  roots.emit(frame.code(), !is_visited, RootWhat::kFrame, "code");
  roots.emit(frame.namespace_dict(), !is_visited, "namespace");
  roots.emit(frame.frame_object(), !is_visited, "frame object");
  roots.emit(generator, false, "generator");
  roots.emit_variables(frame, !are_slots_visited);
  if (depth >= 0) {
    roots.emit_stack(frame, 0, depth, !are_slots_visited);
  } else {
    roots.emit_running_stack(frame, newer, scratch);
  }
}

/// `caller_of`: the next Python frame, or null.
template <class CallerOf>
void emit_stack(HeapWalk& walk, const void* newest, CallerOf caller_of, std::uint32_t thread,
                StackScratch& scratch) {
  std::uint32_t depth = 0;
  const void* newer_address = nullptr;
  const void* address = newest;
  while (address != nullptr) {
    const FrameView frame(address);
    const FrameView newer(newer_address == nullptr ? address : newer_address);
    const FrameView* newer_or_null = newer_address == nullptr ? nullptr : &newer;
    FrameRoots roots(walk, thread, depth);
    // What a hidden frame holds is said of its caller: that one comes next, and gets this depth.
    if (!frame.is_hidden()) {
      const int line = frame.line();
      walk.emit_frame(thread, depth, frame.code().object,
                      line > 0 ? static_cast<std::uint32_t>(line) : 0);
      ++depth;
    }
    if (frame_layout.is_object) {
      emit_object_frame(roots, frame, newer_or_null, scratch);
    } else {
      emit_interpreter_frame(roots, frame, newer_or_null, scratch);
    }
    newer_address = address;
    address = caller_of(address);
  }
}

void emit_stack_of_thread(HeapWalk& walk, const void* state, std::uint32_t thread,
                          StackScratch& scratch) {
  emit_stack(
      walk, newest_python_frame(state),
      [](const void* frame) { return python_frame_from(FrameView(frame).previous()); }, thread,
      scratch);
}

void emit_greenlet(HeapWalk& walk, const Object* greenlet, StackScratch& scratch) {
  const GreenletStack stack(greenlet);
  if (stack.newest() == nullptr) return;
  const std::uint32_t thread = walk.emit_thread(0, 0, stream::Thread::kGreenlet);
  int left = 1 << 20;  // what has no end is no stack
  emit_stack(
      walk, stack.newest(),
      [&](const void* frame) { return --left > 0 ? stack.caller_of(frame) : nullptr; }, thread,
      scratch);
}

/// The thread that the agent made to get here: this one, while it runs no Python.
bool is_of_ouro(const void* state) {
  return load<std::uint64_t>(state, frame_layout.thread_ident) ==
             address_of(__builtin_thread_pointer()) &&
         newest_python_frame(state) == nullptr;
}

void emit_threads(HeapWalk& walk, void* interpreter, std::uint32_t number, StackScratch& scratch) {
  void* newest = call<void*>(symbols.PyInterpreterState_ThreadHead, interpreter);
  for (int place = length_of_list(newest, symbols.PyThreadState_Next) - 1; place >= 0; --place) {
    const void* state = item_at(newest, symbols.PyThreadState_Next, place);
    if (is_of_ouro(state)) continue;
    const std::uint64_t native_id = frame_layout.thread_native_id < 0
                                        ? 0
                                        : load<std::uint64_t>(state, frame_layout.thread_native_id);
    const std::uint32_t thread =
        walk.emit_thread(number, load<std::uint64_t>(state, frame_layout.thread_ident), native_id);
    emit_thread_state(walk, state, thread);
    emit_stack_of_thread(walk, state, thread, scratch);
  }
}

}  // namespace

void emit_frames(HeapWalk& walk) {
  void* newest = call<void*>(symbols.PyInterpreterState_Head);
  const int count = length_of_list(newest, symbols.PyInterpreterState_Next);
  StackScratch scratch;
  for (int number = 0; number < count; ++number) {
    emit_threads(walk, item_at(newest, symbols.PyInterpreterState_Next, count - 1 - number),
                 static_cast<std::uint32_t>(number), scratch);
  }
}

std::uint32_t emit_greenlets(HeapWalk& walk, std::uint32_t first) {
  const std::span<const std::uint32_t> greenlets = walk.greenlets();
  StackScratch scratch;
  for (const std::uint32_t number : greenlets.subspan(first)) {
    emit_greenlet(walk, walk.object_of(number), scratch);
  }
  return static_cast<std::uint32_t>(greenlets.size());
}

bool owns_frame(const Object* type) {
  return is_generator_type(type) || address_of(type) == symbols.PyFrame_Type;
}

void label_frame_edges(HeapWalk& walk, Object* object) {
  if (is_generator_type(type_of(object))) {
    label_generator_edges(walk, object);
  } else {
    label_frame_object_edges(walk, object);
  }
}

}  // namespace ouro::python::walker
