#include "python/walker/running_stack.hpp"

#include "python/walker/readable.hpp"
#include "python/walker/stack_depth.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {
namespace {

/// More code than any function has.
constexpr std::int64_t kMostUnits = 1 << 20;

int smaller(int a, std::int64_t b) {
  return a < b ? a : static_cast<int>(b);
}

bool is_callable(const Object* object) {
  constexpr int kCall = 128;  // tp_call, the same offset from 3.8 to 3.15
  return load<std::uint64_t>(type_of(object), kCall + layout.header) != 0;
}

bool runs_function(const FrameView& frame, const char* text) {
  const Str name = read_str(load_object(frame.code().object, frame_layout.code_name));
  std::int64_t length = 0;
  while (text[length] != 0) ++length;
  return name.is_ascii && name.length == length &&
         __builtin_memcmp(name.data, text, static_cast<std::size_t>(length)) == 0;
}

/// Whether `object`, in the place of a callable, is what the method that `newer` runs is bound to.
bool is_bound_to(const Object* object, const FrameView& newer) {
  if (newer.variable_count() == 0 || newer.variable_at(0).slot.object != object) return false;
  if (!is_callable(object)) return true;
  // These get what is called as their first argument; so does a function that is given itself.
  return !runs_function(newer, "__call__") && !runs_function(newer, "__new__") &&
         !is_exactly(object, symbols.PyFunction_Type);
}

/// Whether it is what type(x) has left behind, with x above. `x` may be stale.
bool is_type_of(const Object* object, const Object* x) {
  constexpr std::uint64_t kType = 8;
  const std::uint64_t type_at = address_of(x) + kType + static_cast<std::uint64_t>(layout.header);
  return may_be_object(x) && is_readable(type_at) && type_of(x) == object;
}

/// Whether it is what partial(f, ...), classmethod(f) or the like has left behind, with f above.
bool begins_with(const Object* object, const Object* f) {
  constexpr int kHead = 16;
  return load_object(object, kHead + layout.header) == f;
}

/// Whether the object where a call's result will be is the result already, although it could be
/// called. `next` lies above. Of the newest frame of a thread, which waits for a C function or,
/// after the call, for the lock of the interpreter: were a function or class of Python's called,
/// its frame would be the newest.
bool is_result_of_newest(const Object* object, const Object* next) {
  if (is_exactly(object, symbols.PyFunction_Type)) return true;
  const Object* type = type_of(object);
  if (layout.minor <= 10) {
    return is_type_of(object, next) || begins_with(object, next) ||
           has_flag(type, TypeFlag::kHeapType) ||
           (has_flag(type, TypeFlag::kTypeSubclass) && has_flag(object, TypeFlag::kHeapType));
  }
  // There is the lower of two places: null, or a method without its object, or what leaves a `with`
  // block, below three None.
  constexpr std::uint64_t kMethodDescriptor = 1u << 17;
  return !has_flag(type, kMethodDescriptor) && address_of(next) != symbols._Py_NoneStruct;
}

/// A call's callable lies where its result will be; null for a method that takes two places.
void look_at_call(const FrameView& frame, const FrameView* newer, std::int64_t after,
                  RunningStack& stack) {
  const int before = stack.depth;
  const auto place = static_cast<int>(after - 1);
  if (place < 0) {
    stack.depth = smaller(before, after);
    return;
  }
  const Object* callable = frame.stack_at(place).object;
  if (callable == nullptr) return;
  if (!may_be_object(callable)) {
    stack.depth = smaller(before, after);
  } else if (newer != nullptr && is_bound_to(callable, *newer)) {
    stack.borrowed = place;
  } else if (!is_callable(callable) ||
             (newer == nullptr &&
              is_result_of_newest(callable, frame.stack_at(place + 1).object))) {
    // It is the result already; what runs, if anything, is the finalizer of an argument.
    stack.depth = smaller(before, after);
  }
}

/// `stack.depth` is that before the instruction.
void look_at_instruction(const FrameView& frame, const FrameView* newer,
                         const Instruction& instruction, RunningStack& stack) {
  const OpcodeEffect& effect = *instruction.effect;
  const int before = stack.depth;
  const std::int64_t after = before + effect.effect_with(instruction.argument);
  if (effect.is_call) {
    look_at_call(frame, newer,
                 effect.is_precall ? before - std::int64_t{instruction.argument} - 1 : after,
                 stack);
    return;
  }
  if (effect.takes_first) {
    stack.depth = before - 1;
    return;
  }
  if (effect.keeps_operands && newer != nullptr) return;
  stack.depth = smaller(before, after);
  if (effect.jump != JumpForm::kNone && newer == nullptr) {
    stack.depth = smaller(stack.depth, before + effect.jump_effect);
  }
}

}  // namespace

RunningStack find_running_stack(const FrameView& frame, const FrameView* newer,
                                StackScratch& scratch) {
  const int least = frame.least_stack_depth();
  // Up to 3.10 a block ends before its values are taken off. After that a `with` or `finally` that
  // raises an exception again says that the instruction runs which raised it first, deep inside,
  // while the stack is taken down to the handler outside, or to nothing.
  const int certain = frame_layout.is_object ? least : 0;
  const Instructions code = frame.instructions();
  const std::int64_t unit = frame.instruction_offset() / 2;
  if (code.effects == nullptr || frame.instruction_offset() < 0) return {certain, least};
  if (code.units <= 0 || code.units > kMostUnits || unit >= code.units) return {certain, least};
  if (!scratch.reserve(static_cast<std::uint64_t>(code.units))) return {certain, least};
  const StackDepths depths(code, scratch.data());
  const int before = depths.before(unit);
  if (before == kUnknownDepth) return {certain, least};
  RunningStack stack = {certain, before};
  look_at_instruction(frame, newer, depths.instruction_at(unit), stack);
  if (stack.depth < least || stack.depth > frame.most_stack_depth()) return {certain, least};
  return stack;
}

}  // namespace ouro::python::walker
