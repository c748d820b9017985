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

/// The same for many addresses near each other: it asks once for each page, mostly.
class ReadablePages {
 public:
  bool has(std::uint64_t address) {
    const std::uint64_t page = address / kPageBytes;
    std::uint64_t& known = known_[page % kKnown];
    // Page 0 is nobody's.
    if (page == 0) return false;
    if (known != page && is_readable(address)) known = page;
    return known == page;
  }

 private:
  static constexpr std::uint64_t kPageBytes = 4096;
  static constexpr std::uint64_t kKnown = 512;
  std::uint64_t known_[kKnown] = {};
};

}  // namespace ouro::python::walker
