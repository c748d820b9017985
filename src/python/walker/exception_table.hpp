// How deep a frame's value stack is at least, read off the exception table of its code (CPython
// 3.11 on, Objects/exception_handling_notes.txt).
//
//   entry   [ start ][ length ][ handler ][ depth << 1 | lasti ]     start and length in code units
//   number  six bits a byte, highest first, bit 6: more follow; bit 7: the first byte of an entry
//
// An exception within [start, start + length) pops the stack down to `depth` and goes to the
// handler. So while such an instruction runs, the values below `depth` are on the stack: among them
// the exception that was handled before an `except` block began, and the exit functions of `with`.
// Except while an exception that was raised again takes them off: see find_running_stack.
//
// Why it matters: up to 3.13 a frame that waits for a C function has its stack pointer in a
// register, and behind the values on its stack lie stale ones. This bound is exact for what it
// covers; what an expression in the midst of evaluation pushed is above of it, and not seen.
#pragma once

#include <cstdint>

namespace ouro::python::walker {

struct ExceptionTable {
  const std::uint8_t* bytes;
  std::int64_t size;
};

inline std::uint32_t varint_at(const ExceptionTable& table, std::int64_t& position) {
  std::uint32_t value = 0;
  while (position < table.size) {
    const std::uint32_t byte = table.bytes[position++];
    value = (value << 6) | (byte & 63);
    if ((byte & 64) == 0) break;
  }
  return value;
}

/// `unit`: the code unit of the instruction that runs. 0 where no entry covers it.
inline int least_stack_depth(const ExceptionTable& table, std::int64_t unit) {
  for (std::int64_t position = 0; position < table.size;) {
    const std::int64_t start = varint_at(table, position);
    const std::int64_t length = varint_at(table, position);
    varint_at(table, position);
    const std::uint32_t depth_and_lasti = varint_at(table, position);
    // Entries are sorted by start and do not overlap.
    if (start > unit) break;
    if (unit < start + length) return static_cast<int>(depth_and_lasti >> 1);
  }
  return 0;
}

}  // namespace ouro::python::walker
