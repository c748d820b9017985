// What each operation code of CPython 3.8 ... 3.13 does to the value stack. The rows are printed by
// tests/python/frames/opcode_effects.py, which each version runs; a test compares them.
#include <cstddef>

#include "python/walker/stack_depth.hpp"

namespace ouro::python::walker {
namespace {

struct CodeRange {
  std::uint8_t first;
  std::uint8_t last;
};

/// An effect, written as a sentence.
struct EffectBuilder {
  OpcodeEffect effect;

  constexpr EffectBuilder with(EffectForm form) const {
    EffectBuilder other = *this;
    other.effect.form = form;
    return other;
  }
  constexpr EffectBuilder jumps(JumpForm form, int jump_effect) const {
    EffectBuilder other = *this;
    other.effect.jump = form;
    other.effect.jump_effect = static_cast<std::int8_t>(jump_effect);
    return other;
  }
  constexpr EffectBuilder cached(int units) const {
    EffectBuilder other = *this;
    other.effect.caches = static_cast<std::uint8_t>(units);
    return other;
  }
  constexpr EffectBuilder ends() const {
    EffectBuilder other = *this;
    other.effect.falls_through = false;
    return other;
  }
  constexpr EffectBuilder keeps() const {
    EffectBuilder other = *this;
    other.effect.keeps_operands = true;
    return other;
  }
  constexpr EffectBuilder takes_first() const {
    EffectBuilder other = *this;
    other.effect.takes_first = true;
    return other;
  }
  constexpr EffectBuilder calls() const {
    EffectBuilder other = *this;
    other.effect.is_call = true;
    return other;
  }
  constexpr EffectBuilder before_call() const {
    EffectBuilder other = *this;
    other.effect.is_precall = true;
    return other;
  }
  constexpr EffectBuilder extends() const {
    EffectBuilder other = *this;
    other.effect.is_extension = true;
    return other;
  }
};

constexpr EffectBuilder row(int effect) {
  EffectBuilder builder;
  builder.effect.effect = static_cast<std::int8_t>(effect);
  builder.effect.is_known = true;
  return builder;
}

constexpr int kMostRanges = 32;

struct EffectRow {
  EffectBuilder builder;
  CodeRange codes[kMostRanges];  ///< then zeros: 0 is no code that runs
};

constexpr EffectRow kRows3_8[] = {
    {row(-1),
     {{1, 1},
      {70, 70},
      {84, 84},
      {88, 88},
      {90, 90},
      {96, 97},
      {125, 125},
      {137, 137},
      {145, 146},
      {163, 163}}},
    {row(0),
     {{2, 3},
      {6, 6},
      {9, 12},
      {15, 15},
      {50, 50},
      {68, 69},
      {73, 73},
      {85, 87},
      {91, 91},
      {98, 98},
      {106, 106},
      {126, 126},
      {138, 138}}},
    {row(1),
     {{4, 4},
      {51, 53},
      {71, 71},
      {81, 81},
      {100, 101},
      {109, 109},
      {116, 116},
      {124, 124},
      {135, 136},
      {148, 148},
      {160, 160}}},
    {row(2), {{5, 5}}},
    {row(-1).keeps(),
     {{16, 17}, {19, 20}, {22, 29}, {55, 57}, {59, 59}, {62, 67}, {72, 72}, {75, 79}, {107, 108}}},
    {row(-7), {{54, 54}}},
    {row(-3).keeps(), {{60, 60}}},
    {row(-2), {{61, 61}, {82, 82}, {147, 147}}},
    {row(-1).ends(), {{83, 83}}},
    {row(-3), {{89, 89}}},
    {row(-1).with(EffectForm::kPlusArgument), {{92, 92}}},
    {row(1).jumps(JumpForm::kForward, -1).keeps(), {{93, 93}}},
    {row(0).with(EffectForm::kUnpackEx), {{94, 94}}},
    {row(-2).keeps(), {{95, 95}}},
    {row(1).with(EffectForm::kMinusArgument), {{102, 104}, {149, 153}, {157, 158}}},
    {row(1).with(EffectForm::kMinusTwice), {{105, 105}}},
    {row(0).jumps(JumpForm::kForward, 0).ends(), {{110, 110}}},
    {row(-1).jumps(JumpForm::kAbsolute, 0), {{111, 112}}},
    {row(0).jumps(JumpForm::kAbsolute, 0).ends(), {{113, 113}}},
    {row(-1).jumps(JumpForm::kAbsolute, -1), {{114, 115}}},
    {row(0).jumps(JumpForm::kForward, 6), {{122, 122}}},
    {row(0).with(EffectForm::kMinusArgument).ends(), {{130, 130}}},
    {row(0).with(EffectForm::kMinusArgument).calls(), {{131, 131}}},
    {row(-1).with(EffectForm::kMakeFunction), {{132, 132}}},
    {row(-1).with(EffectForm::kSlice), {{133, 133}}},
    {row(-1).with(EffectForm::kMinusArgument).calls(), {{141, 141}, {161, 161}}},
    {row(-1).with(EffectForm::kMinusLowBit).calls(), {{142, 142}}},
    {row(1).jumps(JumpForm::kForward, 1), {{143, 143}}},
    {row(0).extends(), {{144, 144}}},
    {row(0).jumps(JumpForm::kForward, 0), {{154, 154}}},
    {row(0).with(EffectForm::kFormat).keeps(), {{155, 155}}},
    {row(0).with(EffectForm::kMinusArgument), {{156, 156}}},
    {row(0).jumps(JumpForm::kForward, 1), {{162, 162}}},
};

constexpr EffectRow kRows3_9[] = {
    {row(-1),
     {{1, 1},
      {70, 70},
      {84, 84},
      {90, 90},
      {96, 97},
      {117, 117},
      {125, 125},
      {137, 137},
      {145, 146}}},
    {row(0),
     {{2, 3},
      {6, 6},
      {9, 12},
      {15, 15},
      {50, 50},
      {68, 69},
      {73, 73},
      {82, 82},
      {85, 87},
      {91, 91},
      {98, 98},
      {106, 106},
      {126, 126},
      {138, 138}}},
    {row(1),
     {{4, 4},
      {49, 49},
      {51, 52},
      {71, 71},
      {74, 74},
      {100, 101},
      {109, 109},
      {116, 116},
      {124, 124},
      {135, 136},
      {148, 148},
      {160, 160}}},
    {row(2), {{5, 5}}},
    {row(-1).keeps(),
     {{16, 17},
      {19, 20},
      {22, 29},
      {55, 57},
      {59, 59},
      {62, 67},
      {72, 72},
      {75, 79},
      {107, 108},
      {118, 118},
      {162, 165}}},
    {row(-3).ends(), {{48, 48}}},
    {row(-7), {{54, 54}}},
    {row(-3).keeps(), {{60, 60}}},
    {row(-2), {{61, 61}, {147, 147}}},
    {row(-1).ends(), {{83, 83}}},
    {row(-3), {{89, 89}}},
    {row(-1).with(EffectForm::kPlusArgument), {{92, 92}}},
    {row(1).jumps(JumpForm::kForward, -1).keeps(), {{93, 93}}},
    {row(0).with(EffectForm::kUnpackEx), {{94, 94}}},
    {row(-2).keeps(), {{95, 95}}},
    {row(1).with(EffectForm::kMinusArgument), {{102, 104}, {157, 157}}},
    {row(1).with(EffectForm::kMinusTwice), {{105, 105}}},
    {row(0).jumps(JumpForm::kForward, 0).ends(), {{110, 110}}},
    {row(-1).jumps(JumpForm::kAbsolute, 0), {{111, 112}}},
    {row(0).jumps(JumpForm::kAbsolute, 0).ends(), {{113, 113}}},
    {row(-1).jumps(JumpForm::kAbsolute, -1), {{114, 115}}},
    {row(-2).jumps(JumpForm::kAbsolute, -2), {{121, 121}}},
    {row(0).jumps(JumpForm::kForward, 6), {{122, 122}}},
    {row(0).with(EffectForm::kMinusArgument).ends(), {{130, 130}}},
    {row(0).with(EffectForm::kMinusArgument).calls(), {{131, 131}}},
    {row(-1).with(EffectForm::kMakeFunction), {{132, 132}}},
    {row(-1).with(EffectForm::kSlice), {{133, 133}}},
    {row(-1).with(EffectForm::kMinusArgument).calls(), {{141, 141}, {161, 161}}},
    {row(-1).with(EffectForm::kMinusLowBit).calls(), {{142, 142}}},
    {row(1).jumps(JumpForm::kForward, 6), {{143, 143}}},
    {row(0).extends(), {{144, 144}}},
    {row(0).jumps(JumpForm::kForward, 5), {{154, 154}}},
    {row(0).with(EffectForm::kFormat).keeps(), {{155, 155}}},
    {row(0).with(EffectForm::kMinusArgument), {{156, 156}}},
};

constexpr EffectRow kRows3_10[] = {
    {row(-1),
     {{1, 1},
      {70, 70},
      {84, 84},
      {90, 90},
      {96, 97},
      {117, 117},
      {125, 125},
      {137, 137},
      {145, 146},
      {152, 152}}},
    {row(0),
     {{2, 3},
      {6, 6},
      {9, 12},
      {15, 15},
      {34, 34},
      {50, 50},
      {68, 69},
      {73, 73},
      {82, 82},
      {85, 87},
      {91, 91},
      {98, 99},
      {106, 106},
      {126, 126},
      {129, 129},
      {138, 138}}},
    {row(1),
     {{4, 4},
      {30, 32},
      {49, 49},
      {51, 52},
      {71, 71},
      {74, 74},
      {100, 101},
      {109, 109},
      {116, 116},
      {124, 124},
      {135, 136},
      {148, 148},
      {160, 160}}},
    {row(2), {{5, 5}, {33, 33}}},
    {row(-1).keeps(),
     {{16, 17},
      {19, 20},
      {22, 29},
      {55, 57},
      {59, 59},
      {62, 67},
      {72, 72},
      {75, 79},
      {107, 108},
      {118, 118},
      {162, 165}}},
    {row(-7), {{54, 54}}},
    {row(-3).keeps(), {{60, 60}}},
    {row(-2), {{61, 61}, {147, 147}}},
    {row(-1).ends(), {{83, 83}}},
    {row(-3), {{89, 89}}},
    {row(-1).with(EffectForm::kPlusArgument), {{92, 92}}},
    {row(1).jumps(JumpForm::kForward, -1).keeps(), {{93, 93}}},
    {row(0).with(EffectForm::kUnpackEx), {{94, 94}}},
    {row(-2).keeps(), {{95, 95}}},
    {row(1).with(EffectForm::kMinusArgument), {{102, 104}, {157, 157}}},
    {row(1).with(EffectForm::kMinusTwice), {{105, 105}}},
    {row(0).jumps(JumpForm::kForward, 0).ends(), {{110, 110}}},
    {row(-1).jumps(JumpForm::kAbsolute, 0), {{111, 112}}},
    {row(0).jumps(JumpForm::kAbsolute, 0).ends(), {{113, 113}}},
    {row(-1).jumps(JumpForm::kAbsolute, -1), {{114, 115}}},
    {row(-3).ends(), {{119, 119}}},
    {row(-2).jumps(JumpForm::kAbsolute, -2), {{121, 121}}},
    {row(0).jumps(JumpForm::kForward, 6), {{122, 122}}},
    {row(0).with(EffectForm::kMinusArgument).ends(), {{130, 130}}},
    {row(0).with(EffectForm::kMinusArgument).calls(), {{131, 131}}},
    {row(-1).with(EffectForm::kMakeFunction), {{132, 132}}},
    {row(-1).with(EffectForm::kSlice), {{133, 133}}},
    {row(-1).with(EffectForm::kMinusArgument).calls(), {{141, 141}, {161, 161}}},
    {row(-1).with(EffectForm::kMinusLowBit).calls(), {{142, 142}}},
    {row(1).jumps(JumpForm::kForward, 6), {{143, 143}}},
    {row(0).extends(), {{144, 144}}},
    {row(0).jumps(JumpForm::kForward, 5), {{154, 154}}},
    {row(0).with(EffectForm::kFormat).keeps(), {{155, 155}}},
    {row(0).with(EffectForm::kMinusArgument), {{156, 156}}},
};

constexpr EffectRow kRows3_11[] = {
    {row(-1),
     {{1, 1},
      {70, 70},
      {84, 84},
      {88, 90},
      {96, 97},
      {117, 117},
      {125, 125},
      {138, 138},
      {145, 146},
      {161, 161},
      {167, 167}}},
    {row(1),
     {{2, 2},
      {30, 33},
      {35, 35},
      {44, 46},
      {49, 49},
      {51, 53},
      {71, 71},
      {74, 75},
      {100, 101},
      {109, 109},
      {120, 120},
      {124, 124},
      {136, 137},
      {148, 148}}},
    {row(-1).cached(1).keeps(), {{3, 8}, {13, 14}, {16, 16}, {122, 122}}},
    {row(0),
     {{9, 12},
      {15, 15},
      {36, 37},
      {50, 50},
      {68, 69},
      {82, 82},
      {85, 87},
      {91, 91},
      {98, 99},
      {126, 126},
      {131, 131},
      {135, 135},
      {139, 139},
      {149, 151},
      {172, 172}}},
    {row(-1).cached(4).keeps(), {{17, 21}, {25, 25}}},
    {row(-1).with(EffectForm::kMinusArgument).cached(4).calls(), {{22, 24}, {171, 171}}},
    {row(-1).cached(2).keeps(), {{26, 29}, {107, 107}}},
    {row(0).extends(), {{34, 34}, {144, 144}}},
    {row(0).jumps(JumpForm::kBackward, 0).ends(), {{38, 38}, {134, 134}, {140, 140}}},
    {row(0).cached(4), {{39, 43}, {106, 106}}},
    {row(1).with(EffectForm::kPlusLowBit).cached(5), {{47, 48}, {55, 55}, {116, 116}}},
    {row(-2), {{54, 54}, {61, 61}, {147, 147}, {152, 152}}},
    {row(1).cached(10), {{56, 59}, {62, 63}, {160, 160}}},
    {row(-3).cached(1).keeps(), {{60, 60}, {168, 170}}},
    {row(0).cached(1).calls().before_call(),
     {{64, 67},
      {72, 73},
      {76, 81},
      {113, 113},
      {121, 121},
      {127, 127},
      {141, 141},
      {143, 143},
      {166, 166}}},
    {row(-1).ends(), {{83, 83}, {119, 119}}},
    {row(-1).with(EffectForm::kPlusArgument).cached(1), {{92, 92}, {177, 180}}},
    {row(1).jumps(JumpForm::kForward, -1).keeps(), {{93, 93}}},
    {row(0).with(EffectForm::kUnpackEx), {{94, 94}}},
    {row(-2).cached(4).keeps(), {{95, 95}, {153, 154}, {158, 159}}},
    {row(1).with(EffectForm::kMinusArgument), {{102, 104}, {157, 157}}},
    {row(1).with(EffectForm::kMinusTwice), {{105, 105}}},
    {row(-1).keeps(), {{108, 108}, {118, 118}, {162, 165}}},
    {row(0).jumps(JumpForm::kForward, 0).ends(), {{110, 110}}},
    {row(-1).jumps(JumpForm::kForward, 0), {{111, 112}}},
    {row(-1).jumps(JumpForm::kForward, -1), {{114, 115}, {128, 129}}},
    {row(0).jumps(JumpForm::kForward, -1).keeps(), {{123, 123}}},
    {row(0).with(EffectForm::kMinusArgument).ends(), {{130, 130}}},
    {row(0).with(EffectForm::kMakeFunction), {{132, 132}}},
    {row(-1).with(EffectForm::kSlice), {{133, 133}}},
    {row(-2).with(EffectForm::kMinusLowBit).calls(), {{142, 142}}},
    {row(0).with(EffectForm::kFormat).keeps(), {{155, 155}}},
    {row(0).with(EffectForm::kMinusArgument), {{156, 156}}},
    {row(-1).jumps(JumpForm::kBackward, -1), {{173, 176}}},
};

constexpr EffectRow kRows3_12[] = {
    {row(-1),
     {{1, 1},
      {5, 5},
      {55, 55},
      {89, 90},
      {96, 97},
      {117, 117},
      {125, 125},
      {138, 138},
      {145, 146},
      {154, 154},
      {158, 158},
      {174, 174},
      {252, 252}}},
    {row(1),
     {{2, 2},
      {30, 33},
      {35, 35},
      {49, 49},
      {51, 51},
      {71, 71},
      {74, 75},
      {84, 84},
      {86, 88},
      {100, 101},
      {109, 109},
      {120, 120},
      {124, 124},
      {127, 127},
      {136, 137},
      {143, 143}}},
    {row(-1).ends(), {{3, 3}, {83, 83}, {119, 119}, {242, 242}}},
    {row(-2), {{4, 4}, {54, 54}, {61, 61}, {147, 147}, {152, 152}, {251, 251}}},
    {row(-1).cached(1).keeps(),
     {{6, 8}, {10, 10}, {13, 14}, {16, 16}, {18, 22}, {25, 25}, {57, 59}, {107, 107}, {122, 122}}},
    {row(0),
     {{9, 9},
      {11, 12},
      {15, 15},
      {36, 37},
      {50, 50},
      {68, 69},
      {85, 85},
      {91, 91},
      {98, 99},
      {126, 126},
      {131, 131},
      {135, 135},
      {139, 139},
      {149, 151},
      {172, 173},
      {175, 176},
      {240, 240},
      {243, 243}}},
    {row(-1).with(EffectForm::kMinusArgument).cached(3).calls(),
     {{23, 24}, {28, 29}, {34, 34}, {38, 48}, {56, 56}, {171, 171}, {241, 241}}},
    {row(-2).keeps(), {{26, 26}}},
    {row(-4).keeps(), {{27, 27}}},
    {row(1).takes_first(), {{52, 53}}},
    {row(-3).cached(1).keeps(), {{60, 60}, {159, 160}}},
    {row(1).jumps(JumpForm::kForward, 1).cached(1).keeps(), {{62, 65}, {93, 93}, {248, 248}}},
    {row(-2).with(EffectForm::kPlusLowBit).cached(1).keeps(), {{66, 67}, {141, 141}, {237, 237}}},
    {row(0).with(EffectForm::kPlusLowBit).cached(9), {{70, 70}, {72, 73}, {76, 82}, {106, 106}}},
    {row(-1).with(EffectForm::kPlusArgument).cached(1), {{92, 92}, {161, 161}, {166, 167}}},
    {row(0).with(EffectForm::kUnpackEx), {{94, 94}}},
    {row(-2).cached(4).keeps(), {{95, 95}, {113, 113}, {148, 148}, {153, 153}}},
    {row(1).with(EffectForm::kMinusArgument), {{102, 104}, {157, 157}}},
    {row(1).with(EffectForm::kMinusTwice), {{105, 105}}},
    {row(-1).keeps(), {{108, 108}, {118, 118}, {162, 165}}},
    {row(0).jumps(JumpForm::kForward, 0).ends(), {{110, 110}, {245, 245}}},
    {row(1).with(EffectForm::kPlusLowBit).cached(4), {{111, 112}, {116, 116}}},
    {row(-1).jumps(JumpForm::kForward, -1), {{114, 115}, {128, 129}, {238, 239}, {249, 250}}},
    {row(0).ends(), {{121, 121}, {247, 247}}},
    {row(0).jumps(JumpForm::kForward, 0).cached(1).keeps(), {{123, 123}, {168, 168}}},
    {row(0).with(EffectForm::kMinusArgument).ends(), {{130, 130}}},
    {row(0).with(EffectForm::kMakeFunction), {{132, 132}}},
    {row(-1).with(EffectForm::kSlice), {{133, 133}}},
    {row(0).jumps(JumpForm::kBackward, 0).ends(), {{134, 134}, {140, 140}, {246, 246}}},
    {row(-2).with(EffectForm::kMinusLowBit).calls(), {{142, 142}, {244, 244}}},
    {row(0).extends(), {{144, 144}}},
    {row(0).with(EffectForm::kFormat).keeps(), {{155, 155}}},
    {row(0).with(EffectForm::kMinusArgument), {{156, 156}}},
};

constexpr EffectRow kRows3_13[] = {
    {row(1).takes_first(), {{1, 2}}},
    {row(-1).cached(1).keeps(), {{3, 3}, {5, 5}, {45, 45}, {58, 59}, {150, 161}, {182, 186}}},
    {row(-2).keeps(), {{4, 4}}},
    {row(0),
     {{6, 7},     {16, 16},   {19, 19},   {21, 21},   {26, 26},   {30, 30},  {37, 37}, {41, 43},
      {55, 55},   {60, 60},   {62, 62},   {64, 67},   {73, 73},   {89, 90},  {94, 94}, {111, 111},
      {115, 115}, {118, 118}, {149, 149}, {207, 207}, {236, 236}, {241, 241}}},
    {row(-1),
     {{8, 8},
      {11, 13},
      {31, 32},
      {56, 56},
      {63, 63},
      {76, 76},
      {80, 80},
      {105, 106},
      {109, 110},
      {113, 114},
      {237, 238}}},
    {row(-2), {{9, 10}, {95, 96}, {112, 112}}},
    {row(0).keeps(), {{14, 14}}},
    {row(-1).keeps(), {{15, 15}, {68, 69}, {75, 75}, {81, 81}, {107, 107}}},
    {row(1),
     {{18, 18},
      {20, 20},
      {23, 25},
      {27, 29},
      {33, 35},
      {44, 44},
      {61, 61},
      {74, 74},
      {83, 87},
      {92, 92}}},
    {row(-1).ends(), {{22, 22}, {36, 36}, {102, 102}, {239, 239}}},
    {row(-4).keeps(), {{38, 38}}},
    {row(-3).cached(1).keeps(), {{39, 39}, {212, 213}}},
    {row(0).cached(3), {{40, 40}, {214, 219}}},
    {row(0).with(EffectForm::kMinusArgument), {{46, 46}}},
    {row(1).with(EffectForm::kMinusArgument), {{47, 47}, {49, 49}, {51, 52}}},
    {row(1).with(EffectForm::kMinusTwice), {{48, 48}}},
    {row(-1).with(EffectForm::kSlice), {{50, 50}}},
    {row(-1).with(EffectForm::kMinusArgument).cached(3).calls(),
     {{53, 53}, {162, 181}, {244, 244}}},
    {row(-2).with(EffectForm::kMinusLowBit).calls(), {{54, 54}, {246, 246}}},
    {row(-2).with(EffectForm::kMinusArgument).calls(), {{57, 57}, {245, 245}}},
    {row(0).extends(), {{71, 71}}},
    {row(1).jumps(JumpForm::kForward, 1).cached(1).keeps(), {{72, 72}, {187, 190}, {243, 243}}},
    {row(0).jumps(JumpForm::kBackward, 0).cached(1).ends(), {{77, 77}, {249, 249}}},
    {row(0).jumps(JumpForm::kBackward, 0).ends(), {{78, 78}}},
    {row(0).jumps(JumpForm::kForward, 0).ends(), {{79, 79}, {248, 248}}},
    {row(0).with(EffectForm::kPlusLowBit).cached(9), {{82, 82}, {191, 202}}},
    {row(2), {{88, 88}}},
    {row(1).with(EffectForm::kPlusLowBit).cached(4), {{91, 91}, {203, 204}}},
    {row(-2).with(EffectForm::kPlusLowBit).cached(1).keeps(), {{93, 93}, {205, 206}, {242, 242}}},
    {row(-1).jumps(JumpForm::kForward, -1).cached(1), {{97, 100}, {250, 253}}},
    {row(0).with(EffectForm::kMinusArgument).ends(), {{101, 101}}},
    {row(0).ends(), {{103, 103}, {240, 240}}},
    {row(0).jumps(JumpForm::kForward, 0).cached(1).keeps(), {{104, 104}, {208, 208}}},
    {row(-2).cached(4).keeps(), {{108, 108}, {209, 211}}},
    {row(0).with(EffectForm::kUnpackEx), {{116, 116}}},
    {row(-1).with(EffectForm::kPlusArgument).cached(1), {{117, 117}, {220, 222}}},
};

struct EffectTable {
  OpcodeEffect effects[256] = {};

  template <std::size_t rows>
  explicit constexpr EffectTable(const EffectRow (&table)[rows]) {
    for (const EffectRow& row : table) {
      for (const CodeRange& range : row.codes) {
        if (range.last == 0) break;
        for (int code = range.first; code <= range.last; ++code) {
          effects[code] = row.builder.effect;
        }
      }
    }
  }
};

constexpr EffectTable kTables[] = {EffectTable(kRows3_8),  EffectTable(kRows3_9),
                                   EffectTable(kRows3_10), EffectTable(kRows3_11),
                                   EffectTable(kRows3_12), EffectTable(kRows3_13)};

}  // namespace

const OpcodeEffect* opcode_effects(int minor) {
  return minor >= 8 && minor <= 13 ? kTables[minor - 8].effects : nullptr;
}

}  // namespace ouro::python::walker
