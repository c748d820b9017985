#include "python/walker/frame_layout.hpp"

namespace ouro::python::walker {

FrameLayout frame_layout;

namespace {

constexpr int kFirstMinor = 8;
constexpr int kMinors = 8;

/// A field's offset in 3.8, 3.9, ... 3.15; -1: it is not there.
using ByMinor = int[kMinors];

// Each of these words of _Py_DebugOffsets has to say what `ours` says.
struct DescribedField {
  int FrameLayout::* ours;
  const char* mismatch;
  int word_of_minor[3];  ///< index among the 8-byte words in 3.13, 3.14, 3.15; -1: not described
};

// Include/internal/pycore_runtime.h in 3.13, pycore_debug_offsets.h later: words 0 cookie,
// 1 version, 2 free-threaded, 3 ... runtime state, interpreter state, thread state, frame, code.
constexpr DescribedField kDescribedFields[] = {
    {&FrameLayout::thread_frame,
     "the interpreter keeps a thread's current frame where Ouro does not expect it",
     {23, 26, 26}},
    {&FrameLayout::thread_ident,
     "the interpreter keeps a thread's number where Ouro does not expect it",
     {24, 27, 30}},
    {&FrameLayout::thread_native_id,
     "the interpreter keeps a thread's native number where Ouro does not expect it",
     {25, 28, 31}},
    {&FrameLayout::thread_exc_state,
     "the interpreter keeps a thread's handled exception where Ouro does not expect it",
     {-1, -1, 37}},
    {&FrameLayout::previous,
     "the interpreter keeps a frame's caller where Ouro does not expect it",
     {29, 32, 40}},
    {&FrameLayout::code,
     "the interpreter keeps a frame's code where Ouro does not expect it",
     {30, 33, 41}},
    {&FrameLayout::instruction,
     "the interpreter keeps a frame's instruction where Ouro does not expect it",
     {31, 34, 42}},
    {&FrameLayout::localsplus,
     "the interpreter keeps a frame's variables where Ouro does not expect them",
     {32, 35, 43}},
    {&FrameLayout::owner,
     "the interpreter keeps a frame's owner where Ouro does not expect it",
     {33, 36, 44}},
    {&FrameLayout::stack_end,
     "the interpreter keeps a frame's stack pointer where Ouro does not expect it",
     {-1, 37, 45}},
    {&FrameLayout::code_file,
     "the interpreter keeps a code object's file where Ouro does not expect it",
     {35, 40, 48}},
    {&FrameLayout::code_name,
     "the interpreter keeps a code object's name where Ouro does not expect it",
     {36, 41, 49}},
    {&FrameLayout::code_qualified_name,
     "the interpreter keeps a code object's qualified name where Ouro does not expect it",
     {37, 42, 50}},
    {&FrameLayout::code_line_table,
     "the interpreter keeps a code object's line table where Ouro does not expect it",
     {38, 43, 51}},
    {&FrameLayout::code_first_line,
     "the interpreter keeps a code object's first line where Ouro does not expect it",
     {39, 44, 52}},
    {&FrameLayout::code_names,
     "the interpreter keeps the names of variables where Ouro does not expect them",
     {41, 46, 54}},
    {&FrameLayout::code_kinds,
     "the interpreter keeps the kinds of variables where Ouro does not expect them",
     {42, 47, 55}},
    {&FrameLayout::code_instructions,
     "the interpreter keeps a code object's instructions where Ouro does not expect them",
     {43, 48, 56}},
};

const char* compare_with_description(const void* runtime) {
  constexpr char kCookie[] = "xdebugpy";
  for (int i = 0; i < 8; ++i) {
    if (load<char>(runtime, i) != kCookie[i]) {
      return "the interpreter does not describe itself, as CPython 3.13 and later do";
    }
  }
  const std::uint64_t version = load<std::uint64_t>(runtime, 8);
  if (((version >> 16) & 0xFF) != static_cast<unsigned>(layout.minor)) {
    return "the interpreter's description is that of another version";
  }
  if ((load<std::uint64_t>(runtime, 16) != 0) != layout.free_threaded) {
    return "the interpreter's description is that of a build with another threading";
  }
  for (const DescribedField& field : kDescribedFields) {
    const int word = field.word_of_minor[layout.minor - 13];
    if (word < 0) continue;
    if (load<std::uint64_t>(runtime, 8 * word) !=
        static_cast<std::uint64_t>(frame_layout.*field.ours)) {
      return field.mismatch;
    }
  }
  return nullptr;
}

}  // namespace

FrameLayout choose_frame_layout(int minor, bool free_threaded) {
  const int header = free_threaded ? 16 : 0;
  const auto at = [&](const ByMinor& offsets) { return offsets[minor - kFirstMinor]; };
  /// Within an object: behind a header that may be longer.
  const auto in_object = [&](const ByMinor& offsets) {
    return at(offsets) < 0 ? -1 : at(offsets) + header;
  };
  FrameLayout l;
  l.is_object = minor <= 10;
  l.is_tagged = minor >= 14;
  l.stack_end_kind = minor <= 9    ? StackEnd::kPointerOrNull
                     : minor == 10 ? StackEnd::kDepthOrMinus
                     : minor <= 13 ? StackEnd::kCountOrMinus
                                   : StackEnd::kPointer;
  // clang-format off
  //                                        3.8  3.9 3.10 3.11 3.12 3.13 3.14 3.15
  l.thread_frame                  = at({     24,  24,  24,  56,  56,  72,  72,  72});
  l.frame_in_cframe               = at({     -1,  -1,  -1,   8,   0,  -1,  -1,  -1});
  l.thread_ident                  = at({    176, 176, 176, 152, 136, 152, 152, 176});
  l.thread_native_id              = at({     -1,  -1,  -1, 160, 144, 160, 160, 184});
  l.thread_exc_info               = at({    144, 144, 144, 120, 104, 120, 120, 144});
  l.thread_exc_state              = at({    112, 112, 112, 320, 256, 256, 256, 288});
  l.exc_value                     = at({      8,   8,   8,   0,   0,   0,   0,   0});
  l.exc_previous                  = at({     24,  24,  24,   8,   8,   8,   8,   8});
  // Frames. Up to 3.10 they are objects, but those versions have no free-threaded build.
  l.code                          = at({     32,  32,  32,  32,   0,   0,   0,   0});
  l.previous                      = at({     24,  24,  24,  48,   8,   8,   8,   8});
  l.instruction                   = at({    104, 104,  96,  56,  56,  56,  56,  56});
  l.function                      = at({     -1,  -1,  -1,   0,  16,  16,  16,  16});
  l.namespace_dict                = at({     56,  56,  56,  24,  40,  40,  40,  40});
  l.frame_object                  = at({     -1,  -1,  -1,  40,  48,  48,  48,  48});
  l.stack_end                     = at({     72,  72,  80,  64,  64,  64,  64,  64});
  l.owner                         = at({     -1,  -1,  -1,  69,  70,  70,  74,  74});
  l.localsplus                    = at({    360, 360, 352,  72,  72,  72,  80,  80});
  l.generator                     = at({     96,  96,  88,  -1,  -1,  -1,  -1,  -1});
  l.traced_line                   = at({    108, 108, 100,  -1,  -1,  -1,  -1,  -1});
  l.trace_function                = at({     80,  80,  72,  -1,  -1,  -1,  -1,  -1});
  l.state                         = at({     -1,  -1, 108,  -1,  -1,  -1,  -1,  -1});
  l.value_stack                   = at({     64,  64,  64,  -1,  -1,  -1,  -1,  -1});
  l.block_count                   = at({    112, 112, 104,  -1,  -1,  -1,  -1,  -1});
  l.is_executing                  = at({    116, 116,  -1,  -1,  -1,  -1,  -1,  -1});
  l.blocks                        = at({    120, 120, 112,  -1,  -1,  -1,  -1,  -1});
  // Objects that own a frame.
  l.generator_frame               = in_object({  16,  16,  16,  80,  72,  72,  72,  72});
  l.generator_state               = in_object({  -1,  -1,  -1,  75,  67,  67,  67,  67});
  l.generator_code                = in_object({  32,  32,  24,  -1,  -1,  -1,  -1,  -1});
  l.generator_name                = in_object({  48,  48,  40,  32,  24,  24,  24,  24});
  l.frame_object_frame            = in_object({  -1,  -1,  -1,  24,  24,  24,  24,  24});
  // Code.
  l.code_first_line               = in_object({  40,  40,  40,  72,  68,  68,  68,  68});
  l.code_line_table               = in_object({ 120, 120, 120, 136, 136, 136, 136, 136});
  l.code_stack_size               = in_object({  32,  32,  32,  68,  64,  64,  64,  64});
  l.code_varnames                 = in_object({  72,  72,  72,  -1,  -1,  -1,  -1,  -1});
  l.code_freevars                 = in_object({  80,  80,  80,  -1,  -1,  -1,  -1,  -1});
  l.code_cellvars                 = in_object({  88,  88,  88,  -1,  -1,  -1,  -1,  -1});
  l.code_instructions_object      = in_object({  48,  48,  48,  -1,  -1,  -1,  -1,  -1});
  l.code_names                    = in_object({  -1,  -1,  -1,  96,  96,  96,  96,  96});
  l.code_kinds                    = in_object({  -1,  -1,  -1, 104, 104, 104, 104, 104});
  l.code_name_count               = in_object({  -1,  -1,  -1,  76,  72,  72,  72,  72});
  l.code_exception_table          = in_object({  -1,  -1,  -1,  40,  40,  40,  40,  40});
  l.code_first_traceable          = in_object({  -1,  -1,  -1, 168, 176, 184, 192, 192});
  l.code_file                     = in_object({ 104, 104, 104, 112, 112, 112, 112, 112});
  l.code_name                     = in_object({ 112, 112, 112, 120, 120, 120, 120, 120});
  l.code_qualified_name           = in_object({  -1,  -1,  -1, 128, 128, 128, 128, 128});
  l.code_instructions             = in_object({  -1,  -1,  -1, 184, 192, 200, 208, 208});
  // Where a tool watches code. Later versions need no instructions.
  l.code_monitoring               = in_object({  -1,  -1,  -1,  -1, 168, 176,  -1,  -1});
  l.monitoring_lines              = at({     -1,  -1,  -1,  -1,  40,  32,  -1,  -1});
  l.monitoring_instructions       = at({     -1,  -1,  -1,  -1,  56,  48,  -1,  -1});
  l.line_mark                     = at({      0,   0,   0,   0, 254, 254,   0,   0});
  l.instruction_mark              = at({      0,   0,   0,   0, 253, 247,   0,   0});
  // clang-format on
  l.bytes_data = 32 + header;
  if (free_threaded && minor >= 14) {
    // The index of the thread's copy of the code moves what follows; the code object has a pointer
    // to the copies before its instructions.
    l.instruction_table_index = 72;
    l.owner = 78;
    l.code_instruction_tables = 224;
    l.code_instructions = 232;
  }
  return l;
}

const char* check_frame_layout() {
  frame_layout = choose_frame_layout(layout.minor, layout.free_threaded);
  if (layout.minor < 13 || symbols._PyRuntime == 0) return nullptr;
  return compare_with_description(object_at(symbols._PyRuntime));
}

}  // namespace ouro::python::walker
