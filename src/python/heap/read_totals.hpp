// From the stream of a walk that says totals alone: objects and bytes by class.
//
// Memory: a row for each class. The stream is not trusted, as that of a heap is not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/stream/records.hpp"
#include "python/stream/stream_reader.hpp"

namespace ouro::python::heap {

struct NamedTotal {
  std::string type;  ///< as graph::HeapGraph::type_name() has it
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
};

struct ReadTotals {
  std::vector<NamedTotal> types;  ///< by name; classes of the same name are one row
  stream::Hello hello{};
  stream::End end{};
  std::string python_version;  ///< Py_GetVersion()
  std::uint64_t cpu_ns = 0;    ///< that the walk took
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
};

/// Precondition: `fd` is open for reading; it stays open. Errors: as those of read_capture().
Result<ReadTotals> read_totals(int fd, stream::StopConditions stop);

}  // namespace ouro::python::heap
