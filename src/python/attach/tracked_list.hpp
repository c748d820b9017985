// How many objects are in a list of the collector, counted from outside while the process runs.
//
// The next address is in the object before it, but neighbours in the list are mostly neighbours in
// memory: pages are read whole and the last ones kept. A list that changes under the walk leads
// astray; that shows, since an object's successor must name it as its predecessor, and the walk
// begins anew. Time: a system call of about a microsecond a page. Memory: 64 pages.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// Nothing: it changes too fast, or the time was too short.
std::optional<std::uint64_t> length_of_tracked_list(const TargetProcess& process,
                                                    std::uint64_t head,
                                                    std::chrono::milliseconds most_time);

}  // namespace ouro::python::attach
