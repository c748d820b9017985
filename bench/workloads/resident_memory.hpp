// The memory the process really occupies.
#pragma once

#include <cstdio>

#include "measure.hpp"

namespace bench {

// Bytes, from smaps_rollup: exact, where /proc/self/statm lags behind by some pages a CPU.
inline double resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/smaps_rollup", "r");
  require(file != nullptr, "/proc/self/smaps_rollup cannot be read");
  char line[256];
  double kibibytes = 0;
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::sscanf(line, "Rss: %lf kB", &kibibytes) == 1) break;
  }
  std::fclose(file);
  return kibibytes * 1024;
}

}  // namespace bench
