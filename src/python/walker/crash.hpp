// When the walk of a clone goes wrong: memory that is not what it should be ends in a signal, and
// the signal in a Failure record that names the object.
#pragma once

#include <cstdint>

namespace ouro::python::walker {

/// In the clone alone, before the walk. The signals of crashes are unblocked.
void report_crashes_to(int fd);
/// The object that is being looked at from now on; kNoNode: none.
inline constinit std::uint32_t object_looked_at = 0xFFFFFFFF;

/// A Failure record with a sentence.
void write_failure(int fd, std::uint32_t node, std::uint32_t signal, const char* sentence);

}  // namespace ouro::python::walker
