// Leaving the agent's mapping, see request.hpp.
#pragma once

#include "python/agent/request.hpp"

extern "C" __attribute__((visibility("default"))) ouro::python::agent::Request ouro_agent_request;

namespace ouro::python::agent {

/// One more user, said before it can run.
void join(User user);
/// Undoes join() for a user who will not come.
void take_back_join(User user);
/// The system call by which the caller leaves: for OURO_AGENT_ENTRANCE alone.
const Request::LastCall* leave(User user);

}  // namespace ouro::python::agent

// A function that the target calls: `body` does the work and gives back leave(...), what it gives
// back to the target is the 0 of that system call.
//
//   stack at its entry          [ the caller's return address ]
//   stack at `syscall; ret`     [ the caller's return address ]
#define OURO_AGENT_ENTRANCE(name, body)                                                  \
  extern "C" __attribute__((used)) const ouro::python::agent::Request::LastCall* body(); \
  asm(".text\n"                                                                          \
      ".globl " #name                                                                    \
      "\n"                                                                               \
      ".type " #name ", @function\n" #name                                               \
      ":\n"                                                                              \
      "  subq $8, %rsp\n" /* the alignment that a call expects */                        \
      "  call " #body                                                                    \
      "\n"                                                                               \
      "  addq $8, %rsp\n"                                                                \
      "  movq 8(%rax), %rdi\n"                                                           \
      "  movq 16(%rax), %rsi\n"                                                          \
      "  movq 24(%rax), %rcx\n"                                                          \
      "  movq (%rax), %rax\n"                                                            \
      "  jmp *%rcx\n"                                                                    \
      ".size " #name ", . - " #name "\n")
