#include "python/attach/traced_thread.hpp"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "python/attach/target_process.hpp"
#include "python/attach/test_hook.hpp"

// The C library's <sys/ptrace.h> lacks these where it is old.
#ifndef PTRACE_GETSIGMASK
#define PTRACE_GETSIGMASK static_cast<__ptrace_request>(0x420a)
#define PTRACE_SETSIGMASK static_cast<__ptrace_request>(0x420b)
#endif

namespace ouro::python::attach {

namespace {

using std::chrono::milliseconds;

constexpr int kEventStop = 128;        // PTRACE_EVENT_STOP
constexpr int kSystemCallStop = 0x80;  // with PTRACE_O_TRACESYSGOOD
constexpr std::size_t kMostVectorBytes = 64 << 10;
/// A thread that the kernel does not let stop (a dead network file system) is let be after this.
constexpr auto kPatience = milliseconds(2000);
/// Where the whole machine stood still, time has passed that the thread did not have: it gets some.
constexpr int kLooksAfterDeadline = 100;
constexpr auto kBetweenThem = std::chrono::microseconds(200);

/// Signals for what a thread did itself; blocked ones come too, and end the process.
bool is_fault(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
         signal == SIGTRAP;
}

bool is_of_job_control(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

long trace(__ptrace_request request, pid_t thread, std::uintptr_t address, const void* data) {
  return ptrace(request, thread, reinterpret_cast<void*>(address), const_cast<void*>(data));
}

long trace(__ptrace_request request, pid_t thread, std::uintptr_t address = 0,
           std::uintptr_t data = 0) {
  return trace(request, thread, address, reinterpret_cast<const void*>(data));
}

}  // namespace

std::optional<Error> TracedThread::seize() {
  const std::string place = "process " + std::to_string(thread_);
  // Without PTRACE_O_TRACESYSGOOD a thread at a system call would get a SIGTRAP if we died then.
  if (trace(PTRACE_SEIZE, thread_, 0, PTRACE_O_TRACESYSGOOD) != 0) {
    const int number = errno;
    return Error{number == EPERM ? ErrorCode::kPermissionDenied : ErrorCode::kNotFound, place,
                 "cannot be attached to: " + std::generic_category().message(number)};
  }
  is_seized_ = true;
  reached("seized");
  switch (interrupt(Clock::now() + kPatience)) {
    case Stop::kInterrupted:
      break;
    case Stop::kGone:
      return Error{ErrorCode::kNotFound, place, "has ended"};
    case Stop::kStopped:
      return Error{ErrorCode::kUnsupported, place,
                   "is stopped by a signal; continue it: kill -CONT " + std::to_string(thread_)};
    default:
      return Error{ErrorCode::kUnsupported, place,
                   "does not stop: the kernel works for it without a break (state D), as with a "
                   "file system that does not answer"};
  }
  reached("stopped");
  state_.registers = registers();
  state_.vector_registers.resize(kMostVectorBytes);
  iovec vectors{state_.vector_registers.data(), state_.vector_registers.size()};
  if (trace(PTRACE_GETREGSET, thread_, NT_X86_XSTATE, &vectors) != 0 ||
      trace(PTRACE_GETSIGMASK, thread_, sizeof(state_.blocked_signals), &state_.blocked_signals) !=
          0) {
    return Error{ErrorCode::kUnsupported, place,
                 "shows no registers: " + std::generic_category().message(errno)};
  }
  state_.vector_registers.resize(vectors.iov_len);
  is_noted_ = true;
  return std::nullopt;
}

user_regs_struct TracedThread::registers() const {
  user_regs_struct registers{};
  trace(PTRACE_GETREGS, thread_, 0, &registers);
  return registers;
}

bool TracedThread::set_registers(const user_regs_struct& registers) {
  is_changed_ = true;
  return trace(PTRACE_SETREGS, thread_, 0, &registers) == 0;
}

bool TracedThread::set_blocked_signals(std::uint64_t blocked) {
  is_changed_ = true;
  return trace(PTRACE_SETSIGMASK, thread_, sizeof(blocked), &blocked) == 0;
}

TracedThread::Stop TracedThread::run_to_system_call(Clock::time_point deadline) {
  is_stopped_ = false;
  if (trace(PTRACE_SYSCALL, thread_) != 0 && errno == ESRCH) return Stop::kGone;
  return wait(deadline);
}

TracedThread::Stop TracedThread::interrupt(Clock::time_point deadline) {
  trace(PTRACE_INTERRUPT, thread_);
  for (;;) {
    if (is_stopped_) {
      // Elsewhere than where an interruption stops: there it goes at once.
      is_stopped_ = false;
      if (trace(PTRACE_CONT, thread_) != 0 && errno == ESRCH) return Stop::kGone;
    }
    const Stop stop = wait(deadline);
    if (stop == Stop::kSystemCallEntry || stop == Stop::kSystemCallExit) continue;
    is_at_entry_ = false;
    return stop;
  }
}

TracedThread::Stop TracedThread::wait(Clock::time_point deadline) {
  is_interrupted_ = false;
  int looks_left = kLooksAfterDeadline;
  for (;;) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(thread_), &info,
               WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) {
      if (errno == EINTR) continue;
      is_seized_ = false;
      return Stop::kGone;
    }
    if (info.si_pid == 0) {
      const auto now = Clock::now();
      if (now >= deadline && looks_left-- == 0) return Stop::kTimeout;
      interruption_.wait_for_child(std::max(deadline, now + kBetweenThem));
      continue;
    }
    if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) {
      pass_on_end();
      return Stop::kGone;
    }
    is_stopped_ = true;
    const int signal = info.si_status & 0xFF;
    const int event = info.si_status >> 8;
    if (event == kEventStop) {
      is_interrupted_ = true;
      if (is_of_job_control(signal)) return Stop::kStopped;
      return Stop::kInterrupted;
    }
    if (event == 0 && signal == (SIGTRAP | kSystemCallStop)) {
      is_at_entry_ = !is_at_entry_;
      return is_at_entry_ ? Stop::kSystemCallEntry : Stop::kSystemCallExit;
    }
    if (event == 0 && is_changed_ && is_fault(signal)) return Stop::kFault;
    // A signal on its way to the program: nothing of ours, it goes on.
    reached("signal");
    is_stopped_ = false;
    trace(PTRACE_CONT, thread_, 0, static_cast<std::uintptr_t>(event == 0 ? signal : 0));
  }
}

/// The parent of a traced process hears of its end only after the tracer has.
void TracedThread::pass_on_end() {
  is_seized_ = false;
  if (TargetProcess(thread_).status("PPid") == std::to_string(getpid())) return;
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(thread_), &info, WEXITED | WNOHANG | __WALL);
}

bool TracedThread::put_back() {
  if (!is_noted_ || !is_changed_) return true;
  const iovec vectors{const_cast<std::byte*>(state_.vector_registers.data()),
                      state_.vector_registers.size()};
  const bool is_whole = trace(PTRACE_SETREGSET, thread_, NT_X86_XSTATE, &vectors) == 0;
  reached("vectors-back");
  // The mask before the registers: a signal that comes between finds the frame of the stack, which
  // heals; the other way round its mask would stay.
  const bool has_mask = set_blocked_signals(state_.blocked_signals);
  reached("mask-back");
  const bool has_registers = set_registers(state_.registers);
  reached("registers-back");
  is_changed_ = false;
  return is_whole && has_mask && has_registers;
}

bool TracedThread::release() {
  if (!is_seized_) return false;
  if (!is_interrupted_) {
    // Put back only where the kernel still decides how a system call goes on.
    const Stop stop = interrupt(Clock::now() + kPatience);
    if (stop == Stop::kGone) return false;
  }
  const bool is_back = put_back();
  trace(PTRACE_DETACH, thread_);
  is_seized_ = is_stopped_ = false;
  reached("detached");
  return is_back;
}

}  // namespace ouro::python::attach
