// Gives every managed type an id when its first object is made, and lists the types of the process.
#pragma once

#include <cstdint>

#include <ouro/detail/type_info.hpp>

namespace ouro::detail {

/// The id of the type, from 1 on. Thread-safe. Ends the program if there are more than kMaxTypes.
std::uint32_t register_type(TypeInfo& type) noexcept;

}  // namespace ouro::detail
