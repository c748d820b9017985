// The process that walks: a clone of the target, or the target itself.
#pragma once

#include <ouro/base/result.hpp>
#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// Whether one may still say something.
bool is_walker_alive(const TargetProcess& target, bool walks_in_place);

/// The same error, or why a stream has ended early, as far as that is known.
Error why_ended_early(const Error& error, const TargetProcess& target, bool walks_in_place);

}  // namespace ouro::python::attach
