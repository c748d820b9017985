#include "python/walker/running_stack.hpp"

#include "python/walker/stack_depth.hpp"

namespace ouro::python::walker {
namespace {

/// More code than any function has.
constexpr std::int64_t kMostUnits = 1 << 20;

int smaller(int a, std::int64_t b) {
  return a < b ? a : static_cast<int>(b);
}

/// Whether a call's callable is still where the result will be: else the call is done. Null is a
/// callable's place too, of a method call.
bool is_callable_at(const FrameView& frame, std::int64_t index) {
  if (index < 0) return false;
  const Object* object = frame.stack_at(static_cast<int>(index)).object;
  if (object == nullptr) return true;
  constexpr int kCall = 128;  // tp_call, the same offset from 3.8 to 3.15
  return may_be_object(object) && load<std::uint64_t>(type_of(object), kCall + layout.header) != 0;
}

int depth_while_running(const FrameView& frame, bool is_newest, const Instruction& instruction,
                        int before) {
  const OpcodeEffect& effect = *instruction.effect;
  if (effect.is_call) {
    const std::int64_t after = effect.is_precall
                                   ? before - std::int64_t{instruction.argument} - 1
                                   : before + effect.effect_with(instruction.argument);
    return is_callable_at(frame, after - 1) ? before : smaller(before, after);
  }
  if (effect.keeps_operands && !is_newest) return before;
  int depth = smaller(before, before + effect.effect_with(instruction.argument));
  if (effect.jump != JumpForm::kNone && is_newest) {
    depth = smaller(depth, before + effect.jump_effect);
  }
  return depth;
}

}  // namespace

RunningStack find_running_stack(const FrameView& frame, bool is_newest, StackScratch& scratch) {
  const int least = frame.least_stack_depth();
  const Instructions code = frame.instructions();
  const std::int64_t unit = frame.instruction_offset() / 2;
  if (code.effects == nullptr || frame.instruction_offset() < 0) return {least, least};
  if (code.units <= 0 || code.units > kMostUnits || unit >= code.units) return {least, least};
  if (!scratch.reserve(static_cast<std::uint64_t>(code.units))) return {least, least};
  const StackDepths depths(code, scratch.data());
  const int before = depths.before(unit);
  if (before == kUnknownDepth) return {least, least};
  const int depth = depth_while_running(frame, is_newest, depths.instruction_at(unit), before);
  if (depth < least || depth > frame.most_stack_depth()) return {least, least};
  return {least, depth};
}

}  // namespace ouro::python::walker
