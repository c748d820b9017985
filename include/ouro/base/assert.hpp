// OURO_ASSERT(condition, "sentence"): for what can only be wrong through a bug of Ouro, never a
// user's mistake or bad input. The sentence states what ought to hold.
//
// Checked in builds without NDEBUG and in the checked build; elsewhere the condition is compiled
// but not run, so that it cannot rot. A failure is printed with file and line to standard error,
// then the program aborts: after a broken invariant of the heap nothing that could still run is
// worth more than the core file.
#pragma once

namespace ouro::detail {

[[noreturn]] void assertion_failed(const char* condition, const char* sentence, const char* file,
                                   int line) noexcept;

}  // namespace ouro::detail

#if !defined(NDEBUG) || OURO_CHECKED
#define OURO_ASSERT(condition, sentence) \
  ((condition) ? void()                  \
               : ::ouro::detail::assertion_failed(#condition, sentence, __FILE__, __LINE__))
#else
#define OURO_ASSERT(condition, sentence) ((void)sizeof((condition) ? 1 : 0))
#endif
