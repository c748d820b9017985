// Stack contents by which a thread heals itself: whatever it is sent to do returns into libc's
// `__restore_rt`, whose rt_sigreturn() gives it back all that it was, as after a signal handler.
//
// Who traces the thread may be killed at any instant; the kernel then lets it run on with the
// registers of that instant. So it is only ever sent anywhere with this below its stack:
//
//   higher addresses
//     what the thread uses, and the 128 bytes below that it may use without saying so
//     vector registers, as XSAVE writes them; aligned to 64
//     kGoOn       { &__restore_rt | ucontext: the thread's own state }
//     kUnmapFirst { &__restore_rt | ucontext: munmap() at `syscall; ret`, stack at kGoOn }
//   lower addresses
//
// A function, or a `syscall; ret`, is entered with the stack pointer at one of the two, so that its
// `ret` takes `__restore_rt` and leaves the stack at the ucontext, where rt_sigreturn() looks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "python/attach/thread_state.hpp"

namespace ouro::python::attach {

/// Code of the target that the frames need.
struct Gadgets {
  std::uint64_t system_call_and_return = 0;  ///< `syscall; ret`
  std::uint64_t signal_return = 0;           ///< `mov $15, %rax; syscall`
};

class SignalFrames {
 public:
  SignalFrames(const ThreadState& state, const Gadgets& gadgets);

  /// Where the bytes belong, in the target.
  std::uint64_t begin() const { return begin_; }
  const std::vector<std::byte>& bytes() const { return bytes_; }

  std::uint64_t go_on() const { return go_on_; }
  std::uint64_t unmap_first() const { return unmap_first_; }
  /// What the second frame unmaps: into bytes(), which are to be written again.
  void set_mapping(std::uint64_t address, std::uint64_t size);

 private:
  void put_frame(std::uint64_t at, const user_regs_struct& registers);

  Gadgets gadgets_;
  std::uint64_t blocked_signals_;
  user_regs_struct registers_;
  std::uint64_t vector_registers_;  ///< address
  std::uint64_t go_on_;
  std::uint64_t unmap_first_;
  std::uint64_t begin_;
  std::vector<std::byte> bytes_;
};

}  // namespace ouro::python::attach
