// What the injector (attach/) and the agent in the target say to each other: one structure in the
// agent's data, found by its symbol `ouro_agent_request`.
//
// One mapping of the target's memory holds the agent, and is used once. Those who run in it:
//
//   entry          the main thread, sent here by the injector. Makes the pipe, then asks Python to
//                  call the agent (kByPendingCall) or makes a thread (kByThread), and leaves.
//   pending call   called by Python in its main thread, with the GIL
//   thread         waits for the child; by kByThread it captures too
//
// Each of them has a bit in `users`, and who leaves last unmaps. Nobody may run in what was
// unmapped, so nobody leaves by a `ret` of the agent: all jump to a `syscall; ret` in the target's
// libc, whose return address is their caller's. The last one's system call is munmap(); that of the
// others is clock_gettime(), by which the kernel notes in `left` that they are out. The last one
// waits for those notes.
#pragma once

#include <cstdint>

#include "python/walker/python_symbols.hpp"

namespace ouro::python::agent {

enum class Way : std::uint32_t { kByPendingCall, kByThread };

enum class User : std::uint32_t { kEntry, kPendingCall, kThread };
inline constexpr std::uint32_t kUsers = 3;
constexpr std::uint32_t bit(User user) {
  return 1u << static_cast<std::uint32_t>(user);
}

struct Request {
  static constexpr std::uint32_t kInPlace = 1u << 0;     ///< walk without a clone
  static constexpr std::uint32_t kOnlyTotals = 1u << 1;  ///< say totals by class, no objects

  // Addresses in the target, by the injector.
  std::uint64_t mapping;
  std::uint64_t mapping_bytes;
  std::uint64_t system_call_and_return;  ///< `syscall; ret`
  std::uint64_t pthread_create;
  std::uint64_t pthread_detach;
  std::uint64_t is_initialized;
  std::uint64_t add_pending_call;
  std::uint64_t gil_ensure;
  std::uint64_t gil_release;
  walker::PythonSymbols symbols;
  Way way;
  std::uint32_t flags;

  // By the agent.
  std::int32_t pipe[2];  ///< read end, write end, as pipe2() gives them
  std::int32_t error;    ///< of the entry: a negative errno, or 0
  std::uint32_t users;   ///< who has not left, a bit each; at the start the entry
  std::uint32_t joined;  ///< who has ever been a user, a bit each; at the start the entry
  std::uint32_t task;    ///< what the thread is to do: a futex
  std::int32_t child;    ///< its number in the target's namespace
  std::int32_t process;  ///< the target's own, as it sees it
  struct Time {
    std::int64_t seconds;
    std::int64_t nanoseconds;
  } left[kUsers];  ///< when each left; 0: it is not out
  /// The system call by which each leaves.
  struct LastCall {
    std::uint64_t number;
    std::uint64_t first;
    std::uint64_t second;
    std::uint64_t instruction;
  } last_call[kUsers];
};

}  // namespace ouro::python::agent
