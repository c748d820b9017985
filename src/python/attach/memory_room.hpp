// How much memory is left for a clone of a process: of the machine, and of its control groups.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

struct MemoryRoom {
  std::uint64_t resident_bytes = 0;  ///< of the process
  std::uint64_t swapped_bytes = 0;
  std::uint64_t available_bytes = 0;  ///< the least of what it may still take
  std::string limited_by;             ///< "the machine", "its control group /a/b"
  bool commits_strictly = false;      ///< vm.overcommit_memory=2

  /// What a clone takes at once: its page tables, and the walker's own arrays.
  std::uint64_t clone_bytes() const { return resident_bytes / 8 + (std::uint64_t{16} << 20); }
  bool is_short() const {
    return available_bytes < clone_bytes() ||
           (commits_strictly && available_bytes < resident_bytes);
  }
};

MemoryRoom memory_room(const TargetProcess& process);

}  // namespace ouro::python::attach
