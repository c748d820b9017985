// What a stopped thread is, so that it can be put back: registers, vector registers, signal mask.
#pragma once

#include <sys/user.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ouro::python::attach {

struct ThreadState {
  user_regs_struct registers{};
  std::vector<std::byte> vector_registers;  ///< as PTRACE_GETREGSET NT_X86_XSTATE gives them
  std::uint64_t blocked_signals = 0;

  /// Whether it sat in a system call, which the kernel begins again (or ends by EINTR) when the
  /// thread goes on with exactly these registers.
  bool is_in_system_call() const;
  std::uint64_t system_call() const { return registers.orig_rax; }

  /// What the kernel would make of the registers when the thread goes on; for who cannot leave it
  /// to the kernel.
  user_regs_struct registers_to_go_on() const;
};

}  // namespace ouro::python::attach
