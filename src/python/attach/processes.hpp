// Other processes than the one that was named, for who named the wrong one.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// Of all that /proc shows, in the order of their numbers.
std::vector<pid_t> all_processes();
/// Those that have CPython in them, by the names of what is mapped; never this one.
std::vector<pid_t> python_processes();
bool looks_like_python(const TargetProcess& process);
std::vector<pid_t> children_of(pid_t parent);

/// "python3 server.py": without the folders of the interpreter.
std::string command_of(const TargetProcess& process);
/// "4711 (gunicorn: worker)", "4711 (python3 server.py)".
std::string described(const TargetProcess& process);
/// "4711 (a), 4712 (b) and 3 more".
std::string listed(const std::vector<pid_t>& processes);

}  // namespace ouro::python::attach
