// Reading memory that is not ours, word by word: bytes of users' objects, of their containers, and
// what stands in front of a block of malloc.
#pragma once

#include <cstdint>

namespace ouro::detail::checked {

/// Not instrumented: padding and blocks' headers are read as well, and other threads' references
/// while their place is held in the registry. Precondition: `address` is mapped and aligned to 8
/// bytes.
__attribute__((no_sanitize("address", "thread"), noinline)) inline std::uintptr_t load_word(
    std::uintptr_t address) noexcept {
  return *reinterpret_cast<const volatile std::uintptr_t*>(address);
}

inline std::uintptr_t address_of(const void* place) noexcept {
  return reinterpret_cast<std::uintptr_t>(place);
}

inline std::uintptr_t load_word(const void* address) noexcept {
  return load_word(address_of(address));
}

}  // namespace ouro::detail::checked
