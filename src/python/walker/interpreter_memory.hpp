// Where the state of an interpreter lies in memory: it has many pointers whose places differ from
// release to release, and are found by what they point to.
#pragma once

#include "python/walker/interpreter.hpp"

namespace ouro::python::walker {

struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

/// _PyRuntime, which has the state of the main interpreter in it from 3.12 on; before, nothing.
inline Range runtime_memory() {
  if (layout.minor < 12 || symbols._PyRuntime == 0) return {0, 0};
  // From 3.13 on it begins with a description of itself; that is compared in frame_layout.cpp.
  constexpr std::uint64_t kBytesOf312 = 459944;
  constexpr int kSizeInDescription = 24;
  const std::uint64_t bytes =
      layout.minor == 12 ? kBytesOf312
                         : load<std::uint64_t>(object_at(symbols._PyRuntime), kSizeInDescription);
  return {symbols._PyRuntime, symbols._PyRuntime + bytes};
}

/// Up to 3.11 the state is not in static memory. Its size in the first release of a version: later
/// ones only added to it.
inline Range memory_of_state(const char* interpreter) {
  constexpr std::uint64_t kBytes[] = {2720, 5656, 113528, 107752};
  if (layout.minor > 11) return {0, 0};
  const std::uint64_t begin = address_of(interpreter);
  return {begin, begin + kBytes[layout.minor - 8]};
}

/// Any word of writable memory; some of them lie between variables, which sanitizers take amiss.
__attribute__((no_sanitize("address"))) inline std::uint64_t word_at(std::uint64_t address) {
  using Word [[gnu::may_alias]] = std::uint64_t;
  return *reinterpret_cast<const Word*>(address);
}

}  // namespace ouro::python::walker
