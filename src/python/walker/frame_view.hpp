// One frame, as far as it says what it is by its memory: frame_layout.hpp draws it.
#pragma once

#include <cstdint>

#include "python/walker/frame_layout.hpp"
#include "python/walker/object.hpp"
#include "python/walker/stack_depth.hpp"

namespace ouro::python::walker {

/// What a slot of a frame refers to. Null: nothing, or a number.
struct Slot {
  Object* object;
  bool is_owned;  ///< it is one of the object's counts
};

struct Variable {
  Slot slot;
  const Object* name;  ///< a str
  std::uint8_t kind;   ///< VariableKind
};

class FrameView {
 public:
  /// `frame`: up to 3.10 a frame object, else an interpreter frame.
  explicit FrameView(const void* frame);

  const void* address() const { return frame_; }
  const void* previous() const { return load<const void*>(frame_, frame_layout.previous); }

  /// Whether it runs a Python function, class body or module. If not, only the above may be asked.
  bool is_python() const { return code_.object != nullptr; }
  /// Whether Python itself does not show it (_PyFrame_IsIncomplete): a function that has not begun,
  /// and the interpreter's own helper around an __init__ it runs without a C function in between
  /// (_Py_InitCleanup), which owns the object being made.
  bool is_hidden() const;

  // ---- what it holds

  Slot code() const { return code_; }
  Slot function() const { return field(frame_layout.function); }
  Object* namespace_dict() const { return load_object(frame_, frame_layout.namespace_dict); }
  Object* frame_object() const { return load_object(frame_, frame_layout.frame_object); }
  /// The generator or coroutine whose frame it is, or null.
  Object* generator() const;

  int variable_count() const { return variable_count_; }
  Variable variable_at(int index) const;

  /// How many values lie on its stack, as it says to tp_traverse; -1 while only C knows.
  int stack_depth() const;
  /// So many lie there at least, whatever runs; from 3.11 unless an exception takes them off.
  int least_stack_depth() const;
  int most_stack_depth() const { return load<int>(code_.object, frame_layout.code_stack_size); }
  Slot stack_at(int index) const { return slot_at(stack_begin() + 8 * index); }
  /// What a frame that is suspended waits for: the generator of `yield from`, the awaited object.
  /// Its index on the stack, or -1. `state`: the generator's.
  int awaited_index(int state) const;

  // ---- where it is

  /// Its line as f_lineno says it; kNoLine where there is none.
  int line() const;
  /// In bytes from its code's first: of the instruction that runs, or ran last; negative: none did.
  std::int64_t instruction_offset() const;
  Instructions instructions() const;

 private:
  Slot slot_at(std::int64_t offset) const;
  Slot field(int offset) const { return offset < 0 ? Slot{nullptr, false} : slot_at(offset); }
  std::int64_t stack_begin() const;  ///< relative to the frame
  const char* first_instruction() const;
  ExceptionTable exception_table() const;
  Watched watched() const;

  const void* frame_;
  Slot code_ = {nullptr, false};
  int variable_count_ = 0;
};

/// The frame, or the first of those that called it, that runs Python (FrameView::is_python); or
/// null.
const void* python_frame_from(const void* frame);
/// Of a PyThreadState: the first that runs Python.
const void* newest_python_frame(const void* thread_state);

/// What may be an object's address; else a frame that is not what the layout says is not read on.
inline bool may_be_object(const void* address) {
  return address_of(address) >= 4096 && address_of(address) % 8 == 0;
}

}  // namespace ouro::python::walker
