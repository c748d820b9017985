// How deep a stack is at an instruction: on small programs for a machine of our own. That the
// effects of CPython's instructions are right say opcode_effects.py and frames_in_python.py.
#include "python/walker/stack_depth.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace ouro::python::walker;

enum Code : std::uint8_t { kExtend = 1, kPush, kPop, kCall, kLoop, kBack, kForward, kEnd, kWide };

/// A machine: [kCall n] takes a callable and n arguments, [kLoop d] pushes a next value or pops its
/// iterator and jumps d on, kWide has two units of cache.
struct Machine {
  OpcodeEffect effects[256] = {};

  Machine() {
    set(kExtend, 0).is_extension = true;
    set(kPush, 1);
    set(kPop, -1);
    OpcodeEffect& call = set(kCall, 0);
    call.form = EffectForm::kMinusArgument;
    call.is_call = true;
    OpcodeEffect& loop = set(kLoop, 1);
    loop.jump = JumpForm::kForward;
    loop.jump_effect = -1;
    OpcodeEffect& back = set(kBack, 0);
    back.jump = JumpForm::kBackward;
    back.falls_through = false;
    OpcodeEffect& forward = set(kForward, -1);
    forward.jump = JumpForm::kForward;
    forward.jump_effect = -1;
    set(kEnd, -1).falls_through = false;
    set(kWide, 1).caches = 2;
  }
  OpcodeEffect& set(Code code, int effect) {
    effects[code].is_known = true;
    effects[code].effect = static_cast<std::int8_t>(effect);
    return effects[code];
  }
};

using Units = std::vector<std::uint8_t>;

struct Depths {
  Depths(const Units& units, std::vector<std::uint8_t> handlers = {})
      : table(std::move(handlers)),
        code{units.data(),
             static_cast<std::int64_t>(units.size() / 2),
             {table.data(), static_cast<std::int64_t>(table.size())},
             machine.effects,
             false},
        memory(units.size() / 2),
        depths(code, memory.data()) {}

  Machine machine;
  std::vector<std::uint8_t> table;
  Instructions code;
  std::vector<std::int16_t> memory;
  StackDepths depths;
};

TEST(StackDepth, FollowsALoopAndACallInIt) {
  const Units units = {
      kPush, 0,  // 0  the iterator
      kLoop, 5,  // 1
      kPush, 0,  // 2  a callable
      kPush, 0,  // 3  an argument
      kCall, 1,  // 4
      kPop,  0,  // 5
      kBack, 6,  // 6  to 1, with the value still there: makes it no deeper
      kPush, 0,  // 7
      kEnd,  0,  // 8
  };
  const Depths found(units);
  const int expected[] = {0, 1, 2, 3, 4, 3, 2, 0, 1};
  for (int unit = 0; unit < 9; ++unit) EXPECT_EQ(found.depths.before(unit), expected[unit]) << unit;
}

TEST(StackDepth, SkipsCachesAndJoinsExtendedArguments) {
  const Units units = {
      kWide,    0, 0xFF, 0xFF, 0xFF, 0xFF,  // 0
      kExtend,  1,                          // 3
      kForward, 4,                          // 4  260 units on: out of the code, not followed
      kEnd,     0,                          // 5
  };
  const Depths found(units);
  EXPECT_EQ(found.depths.before(3), 1);
  EXPECT_EQ(found.depths.before(4), 1);
  EXPECT_EQ(found.depths.before(5), 0);
  EXPECT_EQ(found.depths.before(1), kUnknownDepth);
  EXPECT_EQ(found.depths.instruction_at(4).argument, 260u);
  EXPECT_EQ(found.depths.instruction_at(5).argument, 0u);
}

TEST(StackDepth, AHandlerBeginsAsItsEntrySays) {
  const Units units = {kEnd, 0, kPop, 0, kEnd, 0};
  // Units [0, 1): handler at 1, depth 2, with the place of the raising instruction.
  const Depths found(units, {0x80, 1, 1, (2 << 1) | 1});
  EXPECT_EQ(found.depths.before(1), 4);
  EXPECT_EQ(found.depths.before(2), 3);
}

TEST(StackDepth, BehindAWithThatSwallowsIsThatBeforeIt) {
  // CPython 3.8:  with c: return k
  //               return g(1, h)
  const Units units = {
      124, 0,                                                // 0   LOAD_FAST c
      143, 18,                                               // 1   SETUP_WITH, to 11
      1,   0,  124, 1, 87,  0, 2,   0, 53, 0, 81, 0, 82, 0,  // 2   POP_TOP ...
      163, 0,  83,  0,                                       // 9   POP_FINALLY, RETURN_VALUE
      81,  0,  82,  0, 88,  0,                               // 11  its handler
      124, 2,  100, 1, 124, 3, 131, 2, 83, 0,                // 14  g, 1, h, CALL_FUNCTION 2
  };
  const auto unit_count = static_cast<std::int64_t>(units.size() / 2);
  std::vector<std::int16_t> memory(units.size() / 2);
  const Instructions code = {units.data(), unit_count, {nullptr, 0}, opcode_effects(8), true};
  const StackDepths depths(code, memory.data());
  EXPECT_EQ(depths.before(14), 0);
  EXPECT_EQ(depths.before(17), 3);
}

TEST(StackDepth, IsNotKnownWhereAnInstructionIsNotKnown) {
  EXPECT_EQ(Depths({kPush, 0, 200, 0, kEnd, 0}).depths.before(0), kUnknownDepth);
  // Unless it is never reached.
  EXPECT_EQ(Depths({kEnd, 0, 200, 0}).depths.before(0), 0);
}

TEST(LeastStackDepth, IsTheDepthOfTheEntryThatCoversTheInstruction) {
  // [2, 5) to 10, depth 1; [5, 70) to 12, depth 3 and the place
  const std::vector<std::uint8_t> bytes = {0x82, 3,    10, 1 << 1,  //
                                           0x85, 0x41, 1,  12,     (3 << 1) | 1};
  const ExceptionTable table = {bytes.data(), static_cast<std::int64_t>(bytes.size())};
  EXPECT_EQ(least_stack_depth(table, 1), 0);
  EXPECT_EQ(least_stack_depth(table, 2), 1);
  EXPECT_EQ(least_stack_depth(table, 4), 1);
  EXPECT_EQ(least_stack_depth(table, 5), 3);
  EXPECT_EQ(least_stack_depth(table, 69), 3);
  EXPECT_EQ(least_stack_depth(table, 70), 0);
}

// Any bytes as a table or as code: nothing outside of them is read (the sanitized builds see it).
TEST(StackDepth, AnyBytesAreFollowedWithinTheirBounds) {
  std::uint32_t state = 7;
  const auto next = [&] {
    return static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  };
  for (int round = 0; round < 2000; ++round) {
    Units units(static_cast<std::size_t>(2 * (round % 30 + 1)));
    for (std::uint8_t& byte : units) byte = static_cast<std::uint8_t>(next() % 12);
    std::vector<std::uint8_t> handlers(static_cast<std::size_t>(round % 9));
    for (std::uint8_t& byte : handlers) byte = next();
    const Depths found(units, handlers);
    for (int unit = -1; unit <= 31; ++unit) {
      if (found.depths.before(unit) != kUnknownDepth) found.depths.instruction_at(unit);
      least_stack_depth(found.code.handlers, unit);
    }
  }
}

}  // namespace
