// Whether memory can be read, before something is followed that may be no pointer.
#pragma once

#include <asm/errno.h>
#include <asm/unistd.h>

#include <cstdint>

#include "python/agent/system_calls.hpp"

namespace ouro::python::walker {

/// Of the 8 bytes there. The kernel reads the set of signals before it finds that it does not know
/// what to do with it.
inline bool is_readable(std::uint64_t address) {
  constexpr long kNothingKnown = -1;
  return agent::system_call(__NR_rt_sigprocmask, kNothingKnown, static_cast<long>(address), 0, 8) !=
         -EFAULT;
}

}  // namespace ouro::python::walker
