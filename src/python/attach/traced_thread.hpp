// A thread of the target, stopped by ptrace. Its destructor lets it go as it was.
//
// No tracer may be needed for the target to survive (signal_frame.hpp), so nothing is left to undo
// but registers: no breakpoint, no single step, no option that ends the target with its tracer.
// Stops are looked at with WNOWAIT: a signal that is about to be delivered is the kernel's as long
// as nobody has collected the stop, and comes through when the tracer is gone.
//
//   Call order: seize, then any of the others, then release (or the destructor).
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>

#include <ouro/base/result.hpp>
#include "python/attach/interruption.hpp"
#include "python/attach/thread_state.hpp"

namespace ouro::python::attach {

class TracedThread {
 public:
  enum class Stop {
    kInterrupted,  ///< as we asked: in the kernel, about to go on where it was
    kSystemCallEntry,
    kSystemCallExit,
    kStopped,  ///< somebody stopped the process (SIGSTOP, Ctrl-Z)
    kFault,    ///< it is about to get a signal for what it did itself (SIGSEGV)
    kTimeout,
    kGone,  ///< the process has ended
  };

  TracedThread(pid_t thread, const Interruption& interruption)
      : thread_(thread), interruption_(interruption) {}
  TracedThread(const TracedThread&) = delete;
  TracedThread& operator=(const TracedThread&) = delete;
  ~TracedThread() { release(); }

  /// Stops it and notes what it is. kNotFound: it ended; kUnsupported: it does not stop.
  std::optional<Error> seize();
  const ThreadState& state() const { return state_; }

  /// Of the stopped thread.
  user_regs_struct registers() const;
  bool set_registers(const user_regs_struct& registers);
  bool set_blocked_signals(std::uint64_t blocked);

  /// Lets it run, to the next beginning or end of a system call.
  Stop run_to_system_call(Clock::time_point deadline);
  /// Stops it where the kernel would also deliver signals; before it goes on in the program.
  Stop interrupt(Clock::time_point deadline);

  /// Puts back what was noted, and lets it go. False: the process has ended.
  bool release();

 private:
  Stop wait(Clock::time_point deadline);
  void pass_on_end();
  bool put_back();

  pid_t thread_;
  const Interruption& interruption_;
  ThreadState state_;
  bool is_seized_ = false;
  bool is_stopped_ = false;
  bool is_noted_ = false;
  bool is_changed_ = false;
  bool is_at_entry_ = false;
  bool is_interrupted_ = false;  ///< stopped, and where the kernel also delivers signals
};

}  // namespace ouro::python::attach
