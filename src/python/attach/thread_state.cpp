#include "python/attach/thread_state.hpp"

#include <cerrno>

namespace ouro::python::attach {

namespace {

// Of the kernel's include/linux/errno.h; a tracer sees them, the program never does.
constexpr long long kRestartAlways = -512;
constexpr long long kRestartUnlessInterrupted = -513;
constexpr long long kRestartWithoutHandler = -514;
constexpr long long kRestartBlock = -516;

constexpr unsigned kBytesOfSyscall = 2;

}  // namespace

bool ThreadState::is_in_system_call() const {
  if (static_cast<long long>(registers.orig_rax) < 0) return false;
  switch (static_cast<long long>(registers.rax)) {
    case kRestartAlways:
    case kRestartUnlessInterrupted:
    case kRestartWithoutHandler:
    case kRestartBlock:
    case -EINTR:
      return true;
    default:
      return false;
  }
}

user_regs_struct ThreadState::registers_to_go_on() const {
  user_regs_struct next = registers;
  if (static_cast<long long>(registers.orig_rax) < 0) return next;
  switch (static_cast<long long>(registers.rax)) {
    case kRestartAlways:
    case kRestartUnlessInterrupted:
    case kRestartWithoutHandler:
      next.rax = registers.orig_rax;
      next.rip -= kBytesOfSyscall;
      break;
    case kRestartBlock:
      // How much of its time is left only the kernel knows, and forgets in rt_sigreturn().
      next.rax = static_cast<unsigned long long>(-EINTR);
      break;
    default:
      break;
  }
  next.orig_rax = ~0ull;
  return next;
}

}  // namespace ouro::python::attach
