// A CPython that could be attached to: what the injector and the agent need to know of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/agent/request.hpp"
#include "python/attach/modules.hpp"
#include "python/attach/signal_frame.hpp"
#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// A range of addresses.
struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

struct Target {
  TargetProcess process;
  std::string python_file;     ///< the library or program that CPython is in
  std::string python_version;  ///< "3.11.7"; empty where the file does not say it
  std::string c_library_file;
  Gadgets gadgets;
  agent::Request request;  ///< with all addresses but the mapping's
  /// Where code may hold a lock of malloc(): the C library, the dynamic loader, allocators.
  std::vector<Range> allocating_code;

  bool may_be_allocating(std::uint64_t address) const;
};

/// kNotFound: no CPython in the process. kUnsupported: it lacks something, which the message names.
Result<Target> find_target(pid_t pid);

}  // namespace ouro::python::attach
