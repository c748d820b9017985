// Checks need memory of their own. Without it the program may still go on, so they are left out
// then: the worst is that a mistake is not found, or that a report lacks a name.
#pragma once

#include <new>

namespace ouro::detail::checked {

/// Calls the function, and passes over it that memory ran out.
template <class Function>
void unless_memory_runs_out(Function&& function) noexcept {
  try {
    function();
  } catch (const std::bad_alloc&) {
    return;
  }
}

}  // namespace ouro::detail::checked
