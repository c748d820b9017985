// Walks the heap of the CPython process it finds itself in, and writes it as a stream
// (stream/records.hpp) to a file descriptor.
//
// Freestanding: no Python.h, no C library, no C++ library, no allocation but mmap; so that it can
// be put into any process (see agent/). Never runs Python code, never changes a count.
//
// Call order: prepare, then any number of is_collecting and capture, all by a thread that holds the
// GIL (free-threaded: that is attached).
#pragma once

#include <cstdint>

#include "python/walker/python_symbols.hpp"

namespace ouro::python::walker {

struct CaptureOptions {
  /// Totals by class instead of objects and references: stream::Totals.
  static constexpr std::uint32_t kOnlyTotals = 1u << 0;

  int fd = -1;
  std::uint32_t flags = 0;
};

/// Learns which CPython this is and proves it on objects made for it. Null, or a sentence that says
/// why this interpreter is not walked.
const char* prepare(const PythonSymbols& symbols);

/// Whether a collection runs, so that the collector's lists are incomplete.
bool is_collecting();

/// Whether the heap stays as it is while it is walked in place: not in a free-threaded build, whose
/// other threads run on. There it is walked in place only by who knows that there are none.
bool holds_still_in_place();

/// Clones the process, as clone(2) does: 0 in the child, its number in the parent, or negative.
using CloneProcess = long (*)(void* argument);

/// With `clone`: calls it when the heap is at rest. In the parent gives back what it gave; the
/// child walks, writes, and gives back 0. Without: walks in place, and gives back 0. The caller
/// ends the child.
long capture(const CaptureOptions& options, CloneProcess clone, void* argument);

}  // namespace ouro::python::walker
