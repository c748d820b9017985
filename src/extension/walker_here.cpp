#include "extension/walker_here.hpp"

#include <dlfcn.h>

#include <cstdint>

#include "extension/error.hpp"

namespace ouro::extension {

namespace {

namespace walker = python::walker;

/// As the dynamic loader knows them: of the interpreter this process has.
walker::PythonSymbols symbols_here() {
  walker::PythonSymbols symbols{};
  auto* places = reinterpret_cast<std::uint64_t*>(&symbols);
  for (std::uint32_t at = 0; at < walker::kPythonSymbolCount; ++at) {
    places[at] =
        reinterpret_cast<std::uint64_t>(dlsym(RTLD_DEFAULT, walker::kPythonSymbolNames[at]));
  }
  return symbols;
}

}  // namespace

void require_walker() {
  if (const char* reason = walker::prepare(symbols_here())) {
    throw Failure({ErrorCode::kUnsupported, "this Python", reason});
  }
}

bool walks_in_place() {
  return walker::prepare(symbols_here()) == nullptr && walker::holds_still_in_place();
}

}  // namespace ouro::extension
