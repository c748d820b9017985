// Free slots are poisoned where the library and the program are built with AddressSanitizer, so
// that it reports who still uses one. Elsewhere these functions do nothing.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define OURO_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OURO_HAS_ASAN 1
#endif
#endif
#ifndef OURO_HAS_ASAN
#define OURO_HAS_ASAN 0
#endif

#if OURO_HAS_ASAN
extern "C" void __asan_poison_memory_region(const volatile void*, std::size_t);
extern "C" void __asan_unpoison_memory_region(const volatile void*, std::size_t);
#endif

namespace ouro::detail {

/// Of the library. One without the sanitizer hands out slots as they are, so a program that has it
/// must not poison any.
extern const bool library_has_asan;

#if OURO_HAS_ASAN
inline void poison(void* at, std::size_t bytes) noexcept {
  if (library_has_asan) __asan_poison_memory_region(at, bytes);
}
inline void unpoison(void* at, std::size_t bytes) noexcept {
  if (library_has_asan) __asan_unpoison_memory_region(at, bytes);
}
#else
inline void poison(void*, std::size_t) noexcept {}
inline void unpoison(void*, std::size_t) noexcept {}
#endif

}  // namespace ouro::detail
