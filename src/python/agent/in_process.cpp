// The agent as an ordinary library: for a process that loads it itself (tests, `import ouro`).
#include <asm/unistd.h>

#include "python/agent/system_calls.hpp"
#include "python/walker/walker.hpp"

#define OURO_AGENT_EXPORT extern "C" __attribute__((visibility("default")))

namespace walker = ouro::python::walker;

/// Name of the symbol of the index, null at the end: the caller's table has their addresses.
OURO_AGENT_EXPORT const char* ouro_agent_symbol_name(unsigned index) {
  return index < walker::kPythonSymbolCount ? walker::kPythonSymbolNames[index] : nullptr;
}

/// Walks in place with the GIL held, and writes to `fd`. Null, or why it does not.
OURO_AGENT_EXPORT const char* ouro_agent_capture_here(const walker::PythonSymbols* symbols, int fd,
                                                      unsigned flags) {
  if (const char* reason = walker::prepare(*symbols)) return reason;
  walker::capture({.fd = fd, .flags = flags}, nullptr, nullptr);
  return nullptr;
}

/// The same from a clone, which ends by itself: its number (wait4 with __WALL for it), or 0 where
/// the interpreter is refused.
OURO_AGENT_EXPORT long ouro_agent_capture_clone(const walker::PythonSymbols* symbols, int fd,
                                                unsigned flags) {
  namespace agent = ouro::python::agent;
  if (walker::prepare(*symbols) != nullptr) return 0;
  const auto clone = [](void*) { return agent::system_call(__NR_clone); };
  const long process = walker::capture({.fd = fd, .flags = flags}, clone, nullptr);
  if (process == 0) agent::system_call(__NR_exit_group);
  return process;
}
