// The bytes of ouro_agent.so, an ELF file, which the command carries in itself.
#pragma once

#include <cstddef>
#include <span>

namespace ouro::python {

std::span<const std::byte> embedded_agent();

}  // namespace ouro::python
