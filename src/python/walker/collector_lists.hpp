// The collector's lists: what it tracks, by generation.
//
//   [ _gc_next u64 | _gc_prev u64 ][ the object ...       16 bytes before each tracked object
//
//   heads, relative to that of generation 0 (struct gc_generation is 24 bytes):
//     0, 24, 48, then the permanent one's: at 72; at 80 up to 3.13, behind a pointer; at 84 in a
//     3.13.18 whose compiler puts lists at a multiple of 4. So probe.cpp looks for it.
//
// 3.14.0 to 3.14.4 collect incrementally: young, two old spaces, and bit 0 of _gc_next says in
// which. Low bits of _gc_prev are the collector's flags, bit 0 that the finalizer has run.
#pragma once

#include "python/walker/object.hpp"

namespace ouro::python::walker {

inline constexpr std::uint64_t kCollectorHeaderBytes = 16;
inline constexpr int kGenerations = 4;  ///< the last is the permanent one

inline std::uint64_t next_in_collector(std::uint64_t header) {
  return load<std::uint64_t>(object_at(header), 0) & ~std::uint64_t{3};
}
inline std::uint64_t previous_in_collector(std::uint64_t header) {
  return load<std::uint64_t>(object_at(header), 8) & ~std::uint64_t{3};
}
inline std::uint64_t collector_head_offset(const Layout& chosen, int generation) {
  return static_cast<std::uint64_t>(generation == 3 ? chosen.permanent_head : 24 * generation);
}

/// Heads of the lists of an interpreter; where lists are the runtime's (3.8), of all.
inline std::uint64_t first_head_of(const char* interpreter) {
  if (symbols.PyInterpreterState_Get == 0) return layout.first_head;
  return address_of(interpreter) + static_cast<std::uint64_t>(layout.lists_in_interpreter);
}

/// Calls `visit(object)` for the objects of one generation of an interpreter, in order, until it
/// gives back false, and before that, as far as can be guessed, `expect(address)` with where one
/// is.
///
/// The next address is known when an object was read, too late to ask for it. But the allocator
/// fills its pools one place after the other, each with objects of one size; so where objects of
/// several sizes take turns, the next of this one's size is a few objects on, just behind this one.
/// Asking for the lines there takes 40 % of the time away (4.2 million objects of CPython 3.11).
template <class Expect, class VisitObject>
bool for_each_tracked_until(const char* interpreter, int generation, Expect expect,
                            VisitObject visit) {
  constexpr std::uint64_t kLine = 64;
  constexpr std::uint64_t kLinesBehind = 5;
  const std::uint64_t head = first_head_of(interpreter) + collector_head_offset(layout, generation);
  for (std::uint64_t at = next_in_collector(head); at != head;) {
    const std::uint64_t next = next_in_collector(at);
    __builtin_prefetch(object_at(next));
    for (std::uint64_t line = 1; line <= kLinesBehind; ++line) {
      __builtin_prefetch(object_at(at + line * kLine));
    }
    expect(at + kLinesBehind * kLine);
    if (!visit(object_at(at + kCollectorHeaderBytes))) return false;
    at = next;
  }
  return true;
}

/// The same for all of them.
template <class Expect, class VisitObject>
void for_each_tracked(const char* interpreter, int generation, Expect expect, VisitObject visit) {
  for_each_tracked_until(interpreter, generation, expect, [&](Object* object) {
    visit(object);
    return true;
  });
}

}  // namespace ouro::python::walker
