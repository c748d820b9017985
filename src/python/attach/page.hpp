// The unit in which the system maps memory, on all machines that are supported.
#pragma once

#include <cstdint>

namespace ouro::python::attach {

constexpr std::uint64_t kPage = 4096;

}  // namespace ouro::python::attach
