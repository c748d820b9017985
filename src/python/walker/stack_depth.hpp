// How many values lie on the stack of a frame whose stack pointer is in a register: by following
// the instructions, as the compiler did when it reserved the stack (Python/compile.c, stackdepth).
//
//   depth[first instruction] = 0
//   depth[handler]           = what its exception table entry says
//   until nothing changes, for each instruction i whose depth is known:
//     the instruction after it:  depth[i] + effect(i)
//     where it jumps to:         depth[i] + effect of the jump
//     two ways to one place:     the smaller (they agree, but for `finally` and `with` in 3.8)
//
// For CPython 3.8 to 3.13; later ones keep the stack pointer where it can be read.
//
//   for x in source():        GET_ITER           [iterator]
//     f(a, sleep(1))          LOAD f, a, sleep   [iterator, f, a, sleep, 1]
//                             CALL 1             here the thread sleeps: depth 5
//
// Pure, except that it reads the code. Linear in the code's size, times a few: what jumps backwards
// only needs a second pass.
#pragma once

#include <cstdint>

#include "python/walker/exception_table.hpp"

namespace ouro::python::walker {

/// How an instruction's effect on the depth depends on its argument: what is added to `effect`.
enum class EffectForm : std::uint8_t {
  kConstant,
  kMinusArgument,
  kMinusTwice,
  kPlusArgument,
  kPlusLowBit,
  kMinusLowBit,
  kUnpackEx,      ///< values before the star in the low byte, behind it in the rest
  kMakeFunction,  ///< less one for each of four bits
  kSlice,         ///< less one if there is a step
  kFormat,        ///< less one if there is a format
};

enum class JumpForm : std::uint8_t { kNone, kForward, kBackward, kAbsolute };

/// What an operation code does to the stack.
struct OpcodeEffect {
  std::int8_t effect = 0;
  std::int8_t jump_effect = 0;
  EffectForm form = EffectForm::kConstant;
  JumpForm jump = JumpForm::kNone;
  std::uint8_t caches = 0;  ///< code units behind the instruction that are no instructions
  bool is_known = false;
  bool falls_through = true;
  /// While other code runs on its behalf its operands still lie on the stack, owned.
  bool keeps_operands = false;
  /// It gives back its operand before it calls, so that the place holds what is no more.
  bool takes_first = false;
  bool is_call = false;       ///< keeps them too: a callable and its arguments
  bool is_precall = false;    ///< of 3.11: as CALL, which may be part of it, but takes nothing off
  bool is_extension = false;  ///< EXTENDED_ARG

  constexpr std::int64_t effect_with(unsigned argument) const {
    const std::int64_t value = argument;
    switch (form) {
      case EffectForm::kConstant:
        return effect;
      case EffectForm::kMinusArgument:
        return effect - value;
      case EffectForm::kMinusTwice:
        return effect - 2 * value;
      case EffectForm::kPlusArgument:
        return effect + value;
      case EffectForm::kPlusLowBit:
        return effect + (value & 1);
      case EffectForm::kMinusLowBit:
        return effect - (value & 1);
      case EffectForm::kUnpackEx:
        return effect + (value & 0xFF) + (value >> 8);
      case EffectForm::kMakeFunction:
        return effect - (value & 1) - ((value >> 1) & 1) - ((value >> 2) & 1) - ((value >> 3) & 1);
      case EffectForm::kSlice:
        return effect - (value == 3 ? 1 : 0);
      case EffectForm::kFormat:
        return effect - ((value >> 2) & 1);
    }
    return effect;
  }
};

/// Of all 256 codes of a version, those of specialized and instrumented forms too; null for
/// versions that need none.
const OpcodeEffect* opcode_effects(int minor);

/// What a debugger, coverage or any tool of sys.monitoring put in the place of operations, which it
/// keeps elsewhere: 3.12, 3.13 (INSTRUMENTED_LINE, INSTRUMENTED_INSTRUCTION in
/// Python/instrumentation.c).
struct Watched {
  std::uint8_t line_mark = 0;  ///< 0: no such thing
  std::uint8_t instruction_mark = 0;
  const std::uint8_t* lines = nullptr;         ///< entries [operation | ...] by unit
  int bytes_of_line = 0;                       ///< of such an entry
  const std::uint8_t* instructions = nullptr;  ///< operations by unit; also below a line's mark
};

struct Instructions {
  const std::uint8_t* bytes;  ///< pairs [operation | argument]
  std::int64_t units;
  ExceptionTable handlers;  ///< up to 3.10: empty, SETUP_FINALLY says it
  const OpcodeEffect* effects;
  bool are_jumps_in_bytes;  ///< 3.8, 3.9
  Watched watched = {};

  std::uint8_t operation_at(std::int64_t unit) const {
    std::uint8_t operation = bytes[2 * unit];
    if (watched.lines != nullptr && operation == watched.line_mark) {
      operation = watched.lines[watched.bytes_of_line * unit];
    }
    if (watched.instructions != nullptr && operation == watched.instruction_mark) {
      operation = watched.instructions[unit];
    }
    return operation;
  }
};

/// A place in the stack is below this.
inline constexpr std::int16_t kUnknownDepth = -1;
inline constexpr int kMostDepth = 30000;

/// One instruction with the EXTENDED_ARGs before it.
struct Instruction {
  const OpcodeEffect* effect;
  unsigned argument;
};

/// Finds the depth before each instruction. `depth`: one for each unit, any contents.
class StackDepths {
 public:
  StackDepths(const Instructions& code, std::int16_t* depth) : code_(code), depth_(depth) {
    for (std::int64_t unit = 0; unit < code.units; ++unit) depth_[unit] = kUnknownDepth;
    lower(0, 0);
    start_handlers();
    // As often as what only later code jumps back to is nested; a few times in any real code.
    constexpr int kMostPasses = 20;
    for (int pass = 0; pass < kMostPasses && is_sound_; ++pass) {
      is_changed_ = false;
      pass_once();
      if (!is_changed_) return;
    }
    is_sound_ = false;
  }

  /// kUnknownDepth: never reached, or the code has instructions that are not known.
  int before(std::int64_t unit) const {
    return is_sound_ && unit >= 0 && unit < code_.units ? depth_[unit] : kUnknownDepth;
  }

  /// The instruction at that unit. EXTENDED_ARGs lie right before it.
  Instruction instruction_at(std::int64_t unit) const {
    unsigned argument = code_.bytes[2 * unit + 1];
    for (unsigned i = 1; i <= 3 && unit - i >= 0 && effect_at(unit - i).is_extension; ++i) {
      argument |= static_cast<unsigned>(code_.bytes[2 * (unit - i) + 1]) << (8 * i);
    }
    return {&effect_at(unit), argument};
  }

 private:
  const OpcodeEffect& effect_at(std::int64_t unit) const {
    return code_.effects[code_.operation_at(unit)];
  }

  void lower(std::int64_t unit, std::int64_t depth) {
    if (unit < 0 || unit >= code_.units || depth < 0 || depth > kMostDepth) return;
    if (depth_[unit] != kUnknownDepth && depth_[unit] <= depth) return;
    depth_[unit] = static_cast<std::int16_t>(depth);
    is_changed_ = true;
  }

  void start_handlers() {
    const ExceptionTable& table = code_.handlers;
    for (std::int64_t position = 0; position < table.size;) {
      varint_at(table, position);
      varint_at(table, position);
      const std::int64_t handler = varint_at(table, position);
      const int depth_and_lasti = static_cast<int>(varint_at(table, position));
      // The place of the raising instruction, where the handler asks for it; the exception.
      lower(handler, (depth_and_lasti >> 1) + (depth_and_lasti & 1) + 1);
    }
  }

  void pass_once() {
    unsigned argument = 0;
    for (std::int64_t unit = 0; unit < code_.units;) {
      const OpcodeEffect& effect = effect_at(unit);
      argument |= code_.bytes[2 * unit + 1];
      const std::int64_t next = unit + 1 + effect.caches;
      if (depth_[unit] != kUnknownDepth) {
        if (!effect.is_known) {
          is_sound_ = false;
          return;
        }
        follow(effect, argument, depth_[unit], next);
      }
      argument = effect.is_extension ? argument << 8 : 0;
      unit = next;
    }
  }

  void follow(const OpcodeEffect& effect, unsigned argument, int depth, std::int64_t next) {
    if (effect.falls_through) lower(next, depth + effect.effect_with(argument));
    if (effect.jump == JumpForm::kNone) return;
    const std::int64_t distance = code_.are_jumps_in_bytes ? argument / 2 : argument;
    const std::int64_t target = effect.jump == JumpForm::kAbsolute  ? distance
                                : effect.jump == JumpForm::kForward ? next + distance
                                                                    : next - distance;
    lower(target, depth + effect.jump_effect);
  }

  const Instructions& code_;
  std::int16_t* depth_;
  bool is_changed_ = false;
  bool is_sound_ = true;
};

}  // namespace ouro::python::walker
