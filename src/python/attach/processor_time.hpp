// The processor time of a process, from /proc: what its threads have run for, user and system.
#pragma once

#include <chrono>
#include <optional>

#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// To 10 ms, as the kernel counts it; nothing where the process has gone.
std::optional<std::chrono::nanoseconds> processor_time(const TargetProcess& process);

}  // namespace ouro::python::attach
