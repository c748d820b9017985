// The agent as an ordinary library: for a process that loads it itself (tests, `import ouro`).
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
