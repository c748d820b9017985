// Which source line an instruction belongs to: the three forms of a code object's line table.
//
//   3.8, 3.9   co_lnotab      pairs [bytes u8 | lines i8]: so many bytes on, so many lines on
//                             (Objects/lnotab_notes.txt)
//   3.10       co_linetable   pairs [bytes u8 | lines i8]: the next so many bytes are so many lines
//                             from the last line; -128: they have no line (PEP 626)
//   3.11 on    co_linetable   entries of varying size (Objects/locations.md, PEP 657):
//
//              [ 1 | code 4 bits | length - 1, 3 bits ] [ 0 ... ]*
//                code  0 ... 9   same line, columns follow
//                     10 ... 12  code - 10 lines on, columns follow
//                     13         lines on as a signed varint, no columns
//                     14         lines on as a signed varint, end line and columns follow
//                     15         no line
//              length counts code units of 2 bytes; what follows has its highest bit clear, so an
//              entry ends where the next byte has it set.
//
// Pure functions of bytes that never read behind the end; linear in the table. The walker reads
// the table of each running frame once.
#pragma once

#include <cstdint>

namespace ouro::python::walker {

/// The instruction has no line: the interpreter made it up.
inline constexpr int kNoLine = -1;

struct LineTable {
  const std::uint8_t* bytes;
  std::int64_t size;
  int first_line;
};

/// `offset` in bytes, of the instruction last run; negative: none was.
inline int line_by_lnotab(const LineTable& table, std::int64_t offset) {
  int line = table.first_line;
  std::int64_t start = 0;
  for (std::int64_t i = 0; i + 1 < table.size; i += 2) {
    start += table.bytes[i];
    if (start > offset) break;
    line += static_cast<std::int8_t>(table.bytes[i + 1]);
  }
  return line;
}

/// CPython 3.10.
inline int line_by_ranges(const LineTable& table, std::int64_t offset) {
  constexpr int kNoLineMark = -128;
  if (offset < 0) return table.first_line;
  int line = table.first_line;
  std::int64_t end = 0;
  for (std::int64_t i = 0; i + 1 < table.size; i += 2) {
    const int lines = static_cast<std::int8_t>(table.bytes[i + 1]);
    if (lines != kNoLineMark) line += lines;
    end += table.bytes[i];
    if (offset < end) return lines == kNoLineMark ? kNoLine : line;
  }
  return kNoLine;
}

/// The six bits a byte carries at a time, lowest first; the lowest bit of all is the sign.
inline int signed_varint_at(const LineTable& table, std::int64_t position) {
  std::uint32_t value = 0;
  for (unsigned shift = 0; position < table.size && shift < 32; ++position, shift += 6) {
    const std::uint32_t byte = table.bytes[position];
    value |= (byte & 63) << shift;
    if ((byte & 64) == 0) break;
  }
  const int magnitude = static_cast<int>(value >> 1);
  return (value & 1) != 0 ? -magnitude : magnitude;
}

/// CPython 3.11 and later.
inline int line_by_locations(const LineTable& table, std::int64_t offset) {
  constexpr unsigned kOneLine0 = 10, kOneLine2 = 12, kNoColumns = 13, kLong = 14, kNone = 15;
  if (offset < 0) return table.first_line;
  std::int64_t line = table.first_line;
  std::int64_t end = 0;
  for (std::int64_t i = 0; i < table.size;) {
    const unsigned code = (table.bytes[i] >> 3) & 15;
    if (code == kNoColumns || code == kLong) {
      line += signed_varint_at(table, i + 1);
    } else if (code >= kOneLine0 && code <= kOneLine2) {
      line += code - kOneLine0;
    }
    end += 2 * ((table.bytes[i] & 7) + 1);
    if (offset < end) return code == kNone ? kNoLine : static_cast<int>(line);
    do ++i;
    while (i < table.size && (table.bytes[i] & 128) == 0);
  }
  return kNoLine;
}

}  // namespace ouro::python::walker
