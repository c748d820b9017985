// Where CPython keeps threads, frames and generators: byte offsets by version.
//
// Up to 3.10 a running function has a frame object (Include/cpython/frameobject.h):
//
//   thread state -> f, f_back, ...    f: [ header | f_code f_locals f_gen f_lasti ... | localsplus
//   ]
//
// From 3.11 on it has a frame on the thread's own stack of frames, or inside of a generator
// (Include/internal/pycore_frame.h, from 3.14 on pycore_interpframe_structs.h); a frame object is
// made only for who asks for one:
//
//   thread state -> frame, previous, ...
//                                       frame: [ code function ... previous | localsplus ]
//   generator   [ header | ... state | frame ]
//   frame object [ header | f_back f_frame -> frame ... | a copy of the frame, when it has ended ]
//
// localsplus, all versions:
//
//   [ variables, cells, free variables | value stack ... ]
//     names in the code object           its end: see FrameLayout::stack_end
//
// A slot is a pointer to an object that the frame owns; from 3.14 on with a tag in its lowest bits
// (Include/internal/pycore_stackref.h): 0 owned; 1 borrowed, not counted, or immortal; 3 a number,
// no object.
#pragma once

#include <cstdint>

#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// How a frame's value stack says where it ends.
enum class StackEnd : std::uint8_t {
  kPointerOrNull,  ///< 3.8, 3.9: a pointer, null while the frame runs
  kDepthOrMinus,   ///< 3.10: a depth from the stack's beginning, -1 while it runs
  kCountOrMinus,   ///< 3.11 to 3.13: slots of localsplus, -1 while C code runs in the frame
  kPointer,        ///< 3.14 on: a pointer, valid whenever other code runs
};

struct FrameLayout {
  bool is_object = false;  ///< frames are objects: up to 3.10
  StackEnd stack_end_kind = StackEnd::kPointer;
  bool is_tagged = false;  ///< slots have tags: 3.14 on

  // The thread state. frame_in_cframe: the frame is behind one more pointer, 3.11 and 3.12.
  int thread_frame = 0;
  int frame_in_cframe = -1;
  int thread_ident = 0;
  int thread_native_id = -1;
  int thread_exc_info = 0;   ///< the innermost exception that is being handled
  int thread_exc_state = 0;  ///< the outermost; in between: one of each running generator
  int exc_previous = 0;      ///< of such an item
  int exc_value = 0;

  // The frame.
  int code = 0;
  int previous = 0;
  int instruction = 0;  ///< a pointer; up to 3.10 f_lasti, an int
  int namespace_dict = 0;
  int localsplus = 0;
  int stack_end = 0;
  int function = -1;  ///< from 3.11, like the next two
  int frame_object = -1;
  int owner = -1;  ///< a FrameOwner
  // Up to 3.10 only.
  int generator = -1;    ///< f_gen, borrowed
  int traced_line = -1;  ///< f_lineno
  int trace_function = -1;
  int state = -1;  ///< 3.10
  int value_stack = -1;
  int block_count = -1;
  int is_executing = -1;  ///< 3.8, 3.9
  int blocks = -1;
  int instruction_table_index = -1;  ///< free-threaded from 3.14: which copy of the code it runs

  // Objects that own a frame.
  int generator_frame = 0;  ///< the frame, or up to 3.10 a pointer to it
  int generator_state = -1;
  int generator_code = -1;  ///< up to 3.10
  int generator_name = -1;  ///< and __qualname__ behind of it
  int frame_object_frame = -1;

  // The code object.
  int code_first_line = 0;
  int code_line_table = 0;
  int code_stack_size = 0;
  int code_varnames = -1;  ///< names in three tuples: up to 3.10
  int code_cellvars = -1;
  int code_freevars = -1;
  int code_instructions_object = -1;  ///< co_code, up to 3.10
  int code_names = -1;  ///< co_localsplusnames, co_localspluskinds, co_nlocalsplus: from 3.11
  int code_kinds = -1;
  int code_name_count = -1;
  int code_exception_table = -1;
  int code_first_traceable = -1;  ///< the code unit a function begins at for who watches: from 3.11
  int code_file = 0;
  int code_name = 0;
  int code_qualified_name = -1;
  int code_instructions = -1;
  int code_instruction_tables = -1;  ///< free-threaded from 3.14: an array of copies
  int code_monitoring = -1;          ///< _PyCoMonitoringData, 3.12 and 3.13, like the next four
  int monitoring_lines = -1;
  int monitoring_instructions = -1;
  int line_mark = 0;
  int instruction_mark = 0;

  int bytes_data = 0;  ///< of a bytes object
};

/// Who owns a frame (from 3.11): FRAME_OWNED_BY_... . What is not smaller than kInterpreter is no
/// Python function: an entry of the interpreter itself.
struct FrameOwner {
  static constexpr int kThread = 0;
  static constexpr int kGenerator = 1;
  static constexpr int kFrameObject = 2;
  static constexpr int kInterpreter = 3;
};

/// co_localspluskinds.
struct VariableKind {
  static constexpr std::uint8_t kHidden = 0x10;
  static constexpr std::uint8_t kLocal = 0x20;
  static constexpr std::uint8_t kCell = 0x40;
  static constexpr std::uint8_t kFree = 0x80;
};

/// Of this interpreter. Constant after check_frame_layout().
extern FrameLayout frame_layout;

/// The table's row of a version.
FrameLayout choose_frame_layout(int minor, bool free_threaded);

/// Chooses the row of the version of `layout`, and where the interpreter describes itself
/// (_Py_DebugOffsets, from 3.13 on) compares it. Null, or what does not fit. By prepare(), once.
const char* check_frame_layout();

}  // namespace ouro::python::walker
