// What is known of the target at a moment.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <ouro/base/memory_info.hpp>
#include "python/attach/totals.hpp"

namespace ouro::watch {

struct Sample {
  double seconds = 0;                            ///< since the watch began
  std::chrono::system_clock::time_point time{};  ///< of day
  MemoryInfo memory;

  /// Memory of no file, resident or swapped out: the number a leak shows in. Not uss, which falls
  /// to next to nothing while a child of the process, or a clone for a snapshot, has all its pages.
  std::uint64_t private_bytes() const {
    return memory.rss - std::min(memory.rss, memory.shared) + memory.swap;
  }
};

/// A light capture, and the memory at that moment.
struct Look {
  Sample sample;
  python::attach::HeapTotals heap;
  std::chrono::nanoseconds own_cpu{0};  ///< that the watch itself took for it

  /// Of the target meanwhile: a page that it writes to while the clone is there is copied.
  std::uint64_t page_faults = 0;

  /// Time of the target and CPU time of its clone: on a machine with one core the target would have
  /// run in all of it.
  std::chrono::nanoseconds cost_of_target() const {
    constexpr auto kOfPageFault = std::chrono::microseconds(2);
    return heap.stood_still + heap.clone_cpu +
           static_cast<std::int64_t>(page_faults) * kOfPageFault;
  }
  std::chrono::nanoseconds cost() const { return cost_of_target() + own_cpu; }
};

}  // namespace ouro::watch
