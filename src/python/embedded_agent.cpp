#include "python/embedded_agent.hpp"

extern "C" {
// Made by CMakeLists.txt.
extern const std::byte ouro_embedded_agent;
extern const std::byte ouro_embedded_agent_end;
}

namespace ouro::python {

std::span<const std::byte> embedded_agent() {
  return {&ouro_embedded_agent, &ouro_embedded_agent_end};
}

}  // namespace ouro::python
