// What a snapshot says of its process besides its objects.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// "2026-01-31T12:00:00Z".
std::string time_now();

/// What the process takes as a whole, of which its Python objects are a part.
void add_memory(const TargetProcess& process, std::vector<std::pair<std::string, std::string>>& to);

}  // namespace ouro::python::attach
