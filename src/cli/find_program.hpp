// The program that a person named: what commands that look at a process share.
#pragma once

#include <sys/types.h>

#include <string>

#include "cli/exit_code.hpp"
#include "python/attach/preflight.hpp"

namespace ouro::cli {

/// By number, or by words of the command line that one alone has. Throws Failure.
pid_t find_program(const std::string& text);

/// How the command ends where something is in the way.
Failure failure_of(const python::attach::Finding& obstacle);

}  // namespace ouro::cli
