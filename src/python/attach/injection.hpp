// Puts the agent into the target's main thread, starts it, and lets go.
//
// The thread is stopped once, for a fraction of a millisecond:
//
//   mmap         by `syscall; ret` of the target's C library, read and execute
//   write        the agent, relocated here, with the request in it (agent/request.hpp)
//   mprotect     its data: read and write
//   entry        runs until its last system call; at pipe2() the read end is opened here, by
//                /proc/PID/fd, which works through any container
//   put back     registers, vector registers, signal mask; the kernel then goes on with the
//                interrupted system call as if nothing had been
//
// At each of these steps the thread could go on without us (signal_frame.hpp), as it does where
// this process is killed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <ouro/base/result.hpp>
#include "python/attach/agent_image.hpp"
#include "python/attach/descriptor.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/target.hpp"

namespace ouro::python::attach {

struct InjectionOptions {
  bool walks_in_place = false;
  bool says_totals = false;
  /// Whether a pending call waits already, so that only a thread can bring something new.
  bool needs_thread = false;
};

struct Injection {
  /// What the agent says; open where it was started.
  Descriptor pipe;
  agent::Way way = agent::Way::kByPendingCall;
  std::chrono::nanoseconds stopped{0};  ///< how long the thread stood
  /// Why the agent was not started though nothing is wrong: another moment may be better.
  std::string not_now;
};

/// Errors: what makes every other try fail too. The thread is as it was in any case.
Result<Injection> inject(const Target& target, const AgentImage& image,
                         const InjectionOptions& options, const Interruption& interruption);

}  // namespace ouro::python::attach
