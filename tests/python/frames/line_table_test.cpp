// Lines of instructions, from tables written by hand as the compilers write them. That they are
// f_lineno of real code, on every CPython: frames_in_python.py.
#include "python/walker/line_table.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace ouro::python::walker;
using Bytes = std::vector<std::uint8_t>;

LineTable table_of(const Bytes& bytes, int first_line) {
  return {bytes.data(), static_cast<std::int64_t>(bytes.size()), first_line};
}

constexpr std::uint8_t minus(int lines) {
  return static_cast<std::uint8_t>(256 - lines);
}

/// An entry's first byte in 3.11 on.
constexpr std::uint8_t entry(int code, int units) {
  return static_cast<std::uint8_t>(0x80 | (code << 3) | (units - 1));
}

TEST(LineByLnotab, EachPairIsSoManyBytesAndSoManyLinesOn) {
  // line 10: bytes 0 ... 5; line 12: 6 ... 13; line 11: from 14 on
  const Bytes bytes = {6, 2, 8, minus(1)};
  const LineTable table = table_of(bytes, 10);
  EXPECT_EQ(line_by_lnotab(table, -1), 10);
  EXPECT_EQ(line_by_lnotab(table, 0), 10);
  EXPECT_EQ(line_by_lnotab(table, 4), 10);
  EXPECT_EQ(line_by_lnotab(table, 6), 12);
  EXPECT_EQ(line_by_lnotab(table, 12), 12);
  EXPECT_EQ(line_by_lnotab(table, 14), 11);
  EXPECT_EQ(line_by_lnotab(table, 400), 11);
}

TEST(LineByLnotab, LongDistancesTakeSeveralPairs) {
  // 300 lines and 260 bytes on
  const Bytes bytes = {255, 0, 5, 127, 0, 127, 0, 46};
  const LineTable table = table_of(bytes, 1);
  EXPECT_EQ(line_by_lnotab(table, 258), 1);
  EXPECT_EQ(line_by_lnotab(table, 260), 301);
}

TEST(LineByRanges, ARangeMayHaveNoLine) {
  // bytes 0 ... 3: line 5; 4 ... 7: none; 8 ... 9: line 4
  const Bytes bytes = {4, 0, 4, minus(128), 2, minus(1)};
  const LineTable table = table_of(bytes, 5);
  EXPECT_EQ(line_by_ranges(table, -2), 5);
  EXPECT_EQ(line_by_ranges(table, 2), 5);
  EXPECT_EQ(line_by_ranges(table, 4), kNoLine);
  EXPECT_EQ(line_by_ranges(table, 8), 4);
  EXPECT_EQ(line_by_ranges(table, 10), kNoLine);
}

TEST(LineByRanges, AnEmptyRangeOnlyMovesTheLine) {
  const Bytes bytes = {0, 127, 0, 127, 4, 1};
  EXPECT_EQ(line_by_ranges(table_of(bytes, 1), 0), 256);
}

TEST(LineByLocations, EveryFormOfAnEntry) {
  const Bytes bytes = {
      entry(0, 2),  0x12,                    // the same line
      entry(11, 1), 3,           4,          // 1 line on, columns
      entry(13, 8), 0x41 | 0x02, 0x3,        // 97 lines back, no columns: (3 << 6) | 3
      entry(14, 1), 0x0a,        0,   1, 1,  // 5 lines on, end and columns
      entry(15, 2),                          // none
      entry(12, 1), 0,           1,          // 2 lines on
  };
  const LineTable table = table_of(bytes, 100);
  EXPECT_EQ(line_by_locations(table, -2), 100);
  EXPECT_EQ(line_by_locations(table, 0), 100);
  EXPECT_EQ(line_by_locations(table, 2), 100);
  EXPECT_EQ(line_by_locations(table, 4), 101);
  EXPECT_EQ(line_by_locations(table, 6), 4);
  EXPECT_EQ(line_by_locations(table, 20), 4);
  EXPECT_EQ(line_by_locations(table, 22), 9);
  EXPECT_EQ(line_by_locations(table, 24), kNoLine);
  EXPECT_EQ(line_by_locations(table, 28), 11);
  EXPECT_EQ(line_by_locations(table, 30), kNoLine);
}

// A table may be cut anywhere, or be any bytes: some line comes out, and nothing behind the end is
// read (the sanitized builds see it).
TEST(LineTables, NothingBehindTheEndIsRead) {
  std::uint32_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes(static_cast<std::size_t>(round % 40));
    for (std::uint8_t& byte : bytes) {
      state = state * 1664525 + 1013904223;
      byte = static_cast<std::uint8_t>(state >> 24);
    }
    bytes.shrink_to_fit();
    for (std::int64_t offset = -2; offset < 600; offset += 37) {
      line_by_lnotab(table_of(bytes, 1), offset);
      line_by_ranges(table_of(bytes, 1), offset);
      line_by_locations(table_of(bytes, 1), offset);
    }
  }
}

}  // namespace
