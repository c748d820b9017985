#include "python/walker/frame_view.hpp"

#include "python/walker/line_table.hpp"

namespace ouro::python::walker {
namespace {

/// More variables or values than any function has: what says so is not a frame.
constexpr int kMostSlots = 1 << 20;

/// The tag of a slot, from 3.14 on (Include/internal/pycore_stackref.h).
struct Tag {
  static constexpr std::uint64_t kMask = 3;
  static constexpr std::uint64_t kOwned = 0;
  static constexpr std::uint64_t kBorrowed = 1;  ///< with no address: an empty slot
};

/// YIELD_FROM in 3.8, 3.9 and 3.10.
constexpr std::uint8_t kYieldFrom = 72;
/// EXCEPT_HANDLER, b_type of a block that handles an exception; it has pushed the three words of
/// the exception handled before.
constexpr int kExceptHandler = 257;
/// sizeof(PyTryBlock): b_type, b_handler, b_level.
constexpr int kBlockSize = 12;

/// Names of variables up to 3.10: three tuples, in the order of the slots.
struct NameTuples {
  const Object* tuples[3];
  std::uint8_t kinds[3];
};

NameTuples name_tuples(const Object* code) {
  return {
      {load_object(code, frame_layout.code_varnames), load_object(code, frame_layout.code_cellvars),
       load_object(code, frame_layout.code_freevars)},
      {VariableKind::kLocal, VariableKind::kCell, VariableKind::kFree}};
}

int count_variables(const Object* code) {
  std::int64_t count = 0;
  if (frame_layout.code_name_count >= 0) {
    count = load<int>(code, frame_layout.code_name_count);
  } else {
    for (const Object* tuple : name_tuples(code).tuples) count += tuple_size(tuple);
  }
  return count >= 0 && count < kMostSlots ? static_cast<int>(count) : 0;
}

const std::uint8_t* bytes_of(const Object* bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes) + frame_layout.bytes_data;
}

}  // namespace

FrameView::FrameView(const void* frame) : frame_(frame) {
  if (frame_layout.owner >= 0 &&
      load<signed char>(frame, frame_layout.owner) >= FrameOwner::kInterpreter) {
    return;
  }
  const Slot code = slot_at(frame_layout.code);
  if (!may_be_object(code.object) || !is_exactly(code.object, symbols.PyCode_Type)) return;
  code_ = code;
  variable_count_ = count_variables(code.object);
}

bool FrameView::is_hidden() const {
  if (frame_layout.is_object || generator() != nullptr) return false;
  const int first = load<int>(code_.object, frame_layout.code_first_traceable);
  return instruction_offset() < 2 * std::int64_t{first};
}

Object* FrameView::generator() const {
  if (frame_layout.is_object) return load_object(frame_, frame_layout.generator);
  if (load<signed char>(frame_, frame_layout.owner) != FrameOwner::kGenerator) return nullptr;
  return object_at(address_of(frame_) - static_cast<std::uint64_t>(frame_layout.generator_frame));
}

Slot FrameView::slot_at(std::int64_t offset) const {
  const std::uint64_t word = load<std::uint64_t>(frame_, offset);
  if (!frame_layout.is_tagged) return {object_at(word), true};
  const std::uint64_t tag = word & Tag::kMask;
  if (tag != Tag::kOwned && tag != Tag::kBorrowed) return {nullptr, false};
  return {object_at(word & ~Tag::kMask), tag == Tag::kOwned};
}

Variable FrameView::variable_at(int index) const {
  const Slot slot = slot_at(frame_layout.localsplus + 8 * static_cast<std::int64_t>(index));
  if (frame_layout.code_names >= 0) {
    const Object* names = load_object(code_.object, frame_layout.code_names);
    const Object* kinds = load_object(code_.object, frame_layout.code_kinds);
    return {slot, tuple_item(names, index), bytes_of(kinds)[index]};
  }
  const NameTuples names = name_tuples(code_.object);
  std::int64_t place = index;
  int part = 0;
  while (part < 2 && place >= tuple_size(names.tuples[part])) {
    place -= tuple_size(names.tuples[part++]);
  }
  return {slot, tuple_item(names.tuples[part], place), names.kinds[part]};
}

std::int64_t FrameView::stack_begin() const {
  if (!frame_layout.is_object) return frame_layout.localsplus + 8 * variable_count_;
  return static_cast<std::int64_t>(load<std::uint64_t>(frame_, frame_layout.value_stack) -
                                   address_of(frame_));
}

int FrameView::stack_depth() const {
  std::int64_t depth = -1;
  switch (frame_layout.stack_end_kind) {
    case StackEnd::kDepthOrMinus:
      depth = load<int>(frame_, frame_layout.stack_end);
      break;
    case StackEnd::kCountOrMinus:
      depth = std::int64_t{load<int>(frame_, frame_layout.stack_end)} - variable_count_;
      break;
    case StackEnd::kPointerOrNull:
    case StackEnd::kPointer: {
      const std::uint64_t end = load<std::uint64_t>(frame_, frame_layout.stack_end);
      if (end == 0) return -1;
      depth = (static_cast<std::int64_t>(end - address_of(frame_)) - stack_begin()) / 8;
      break;
    }
  }
  return depth >= 0 && depth <= most_stack_depth() ? static_cast<int>(depth) : -1;
}

int FrameView::least_stack_depth() const {
  int depth = 0;
  if (frame_layout.is_object) {
    const int blocks = load<int>(frame_, frame_layout.block_count);
    if (blocks <= 0 || blocks > 20) return 0;
    const int block = frame_layout.blocks + kBlockSize * (blocks - 1);
    depth = load<int>(frame_, block + 8);
    if (load<int>(frame_, block) == kExceptHandler) depth += 3;
  } else {
    const Object* table = load_object(code_.object, frame_layout.code_exception_table);
    if (!may_be_object(table)) return 0;
    depth =
        walker::least_stack_depth({bytes_of(table), size_field(table)}, instruction_offset() / 2);
  }
  return depth >= 0 && depth <= most_stack_depth() ? depth : 0;
}

int FrameView::awaited_index(int state) const {
  const int depth = stack_depth();
  if (depth <= 0) return -1;
  if (frame_layout.is_object) {
    // It was suspended by a YIELD_FROM, which runs again when it is resumed.
    const Instructions code = instructions();
    const std::int64_t next = instruction_offset() / 2 + 1;
    return next > 0 && next < code.units && code.bytes[2 * next] == kYieldFrom ? depth - 1 : -1;
  }
  switch (layout.minor) {
    case 11:
    case 12: {
      // FRAME_SUSPENDED, and the instruction it resumes at is RESUME 2 (yield from) or 3 (await).
      if (state != -1) return -1;
      const auto* instruction = load<const std::uint8_t*>(frame_, frame_layout.instruction);
      return (instruction[3] & 3) >= 2 ? depth - 1 : -1;
    }
    case 13:
    case 14:
      // FRAME_SUSPENDED_YIELD_FROM.
      return state == -1 ? depth - 1 : -1;
    default:
      // The same, and its form for a lock; above the object lies the index of an iteration.
      return (state == 2 || state == 3) && depth >= 2 ? depth - 2 : -1;
  }
}

ExceptionTable FrameView::exception_table() const {
  if (frame_layout.code_exception_table < 0) return {nullptr, 0};
  const Object* table = load_object(code_.object, frame_layout.code_exception_table);
  return {bytes_of(table), size_field(table)};
}

Instructions FrameView::instructions() const {
  Instructions code = {nullptr, 0, exception_table(), opcode_effects(layout.minor),
                       layout.minor <= 9};
  if (frame_layout.is_object) {
    const Object* bytes = load_object(code_.object, frame_layout.code_instructions_object);
    code.bytes = bytes_of(bytes);
    code.units = size_field(bytes) / 2;
  } else {
    code.bytes = reinterpret_cast<const std::uint8_t*>(first_instruction());
    code.units = size_field(code_.object);
    code.watched = watched();
  }
  return code;
}

Watched FrameView::watched() const {
  if (frame_layout.code_monitoring < 0) return {};
  const void* data = load<const void*>(code_.object, frame_layout.code_monitoring);
  if (data == nullptr) return {};
  Watched watched = {
      .line_mark = static_cast<std::uint8_t>(frame_layout.line_mark),
      .instruction_mark = static_cast<std::uint8_t>(frame_layout.instruction_mark),
      .lines = load<const std::uint8_t*>(data, frame_layout.monitoring_lines),
      .bytes_of_line = 2,
      .instructions = load<const std::uint8_t*>(data, frame_layout.monitoring_instructions)};
  // Later releases of 3.13 begin with the size of an entry, 2 to 5: no code's first operation.
  if (watched.lines != nullptr && watched.lines[0] >= 2 && watched.lines[0] <= 5) {
    watched.bytes_of_line = *watched.lines++;
  }
  return watched;
}

const char* FrameView::first_instruction() const {
  if (frame_layout.instruction_table_index >= 0) {
    // _PyCodeArray: a size, then so many pointers.
    const void* tables = load<const void*>(code_.object, frame_layout.code_instruction_tables);
    const int index = load<int>(frame_, frame_layout.instruction_table_index);
    if (tables != nullptr && index >= 0 && index < load<std::int64_t>(tables, 0)) {
      return load<const char*>(tables, 8 + 8 * index);
    }
  }
  return reinterpret_cast<const char*>(code_.object) + frame_layout.code_instructions;
}

std::int64_t FrameView::instruction_offset() const {
  if (frame_layout.is_object) {
    const int last = load<int>(frame_, frame_layout.instruction);
    return layout.minor == 10 ? 2 * std::int64_t{last} : last;
  }
  return load<const char*>(frame_, frame_layout.instruction) - first_instruction();
}

int FrameView::line() const {
  const Object* bytes = load_object(code_.object, frame_layout.code_line_table);
  const LineTable table = {bytes_of(bytes), size_field(bytes),
                           load<int>(code_.object, frame_layout.code_first_line)};
  if (layout.minor >= 11) return line_by_locations(table, instruction_offset());
  // While a function is traced its line is kept up to date, and may have been set by a debugger.
  const int traced = load<int>(frame_, frame_layout.traced_line);
  if (layout.minor == 10) return traced != 0 ? traced : line_by_ranges(table, instruction_offset());
  if (load_object(frame_, frame_layout.trace_function) != nullptr) return traced;
  return line_by_lnotab(table, instruction_offset());
}

const void* python_frame_from(const void* frame) {
  while (frame != nullptr) {
    const FrameView view(frame);
    if (view.is_python()) break;
    frame = view.previous();
  }
  return frame;
}

const void* newest_python_frame(const void* thread_state) {
  const void* frame = load<const void*>(thread_state, frame_layout.thread_frame);
  if (frame_layout.frame_in_cframe >= 0 && frame != nullptr) {
    frame = load<const void*>(frame, frame_layout.frame_in_cframe);
  }
  return python_frame_from(frame);
}

}  // namespace ouro::python::walker
