// Whether this process may look into another, and if not, who can change that.
#pragma once

#include <string>

#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// By the same check of the kernel that attaching asks.
bool may_trace(const TargetProcess& process);

/// What forbids it, and what helps: two sentences without full stops.
struct Refusal {
  std::string reason;
  std::string help;
};
/// `command` of ouro is what root would be asked to run. Precondition: !may_trace(process).
Refusal why_not(const TargetProcess& process, const std::string& command);

}  // namespace ouro::python::attach
