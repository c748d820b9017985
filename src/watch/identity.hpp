// Whether a process is still the program that it was: it may have ended and its number been given
// to another one, or it may have replaced itself (exec). Addresses found before are wrong then.
#pragma once

#include <cstdint>
#include <string>

#include "python/attach/target_process.hpp"

namespace ouro::watch {

struct Identity {
  /// Of /proc/PID/stat: when the process began, in ticks. Empty: there is none.
  std::string began;
  /// /proc/PID/auxv: where the kernel has put the program, anew at each exec.
  std::string placed;

  bool is_there() const { return !began.empty(); }
  friend bool operator==(const Identity&, const Identity&) = default;
};

Identity identity_of(const python::attach::TargetProcess& process);

/// Pages the kernel has given it, or copied, since it began; 0 where that is not known.
std::uint64_t page_faults_of(const python::attach::TargetProcess& process);

}  // namespace ouro::watch
