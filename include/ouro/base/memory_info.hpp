// The memory of a process as the kernel sees it: what psutil's memory_full_info() gives in Python,
// on Linux.
//
// `uss` is the number to watch when asking "does my program leak": what the kernel gets back if the
// process ends now. `rss` counts pages shared with other processes in full, `pss` counts each such
// page divided by the number of its users.
//
//   | field            | read from /proc/PID/     | exact                                       |
//   |------------------|--------------------------|---------------------------------------------|
//   | rss, vms, shared | statm                    | but for a few hundred KiB: the kernel sums  |
//   |                  |                          | counters of many cores only now and then    |
//   | peak_rss         | status (VmHWM)           | as rss                                      |
//   | uss, pss, swap   | smaps_rollup, or before  | yes                                         |
//   |                  | Linux 4.14 smaps, summed |                                             |
//
// Cost: the kernel walks the page tables for smaps_rollup, about 1 ms a GiB of small pages; do not
// call it for each frame.
// Thread-safety: all functions may be called at any time from any thread.
#pragma once

#include <ouro/base/result.hpp>

#include <sys/types.h>

#include <cstdint>

namespace ouro {

// All in bytes.
struct MemoryInfo {
  std::uint64_t rss = 0;       // resident set: pages in memory, shared ones included
  std::uint64_t vms = 0;       // virtual size: address space, touched or not
  std::uint64_t shared = 0;    // the part of rss that is backed by files or shared memory
  std::uint64_t uss = 0;       // unique set: pages in memory that no other process has
  std::uint64_t pss = 0;       // proportional set: each shared page divided by its users
  std::uint64_t swap = 0;      // pages written out to swap
  std::uint64_t peak_rss = 0;  // the highest rss so far; at least rss

  friend bool operator==(const MemoryInfo&, const MemoryInfo&) = default;
};

// Of this process. What the kernel does not tell (a sandbox without /proc, a kernel without smaps)
// is 0; memory_info(getpid()) says why.
MemoryInfo memory_info();

// Of the process with this id. Errors: kNotFound (no such process, or it has ended and waits for
// its parent), kPermissionDenied (another user's process, or one that forbids being looked at),
// kUnsupported (kernel built without smaps, no /proc), kCorrupt (the kernel's text is not
// understood). A kernel thread has no memory of its own: all zeros.
Result<MemoryInfo> memory_info(pid_t pid);

}  // namespace ouro
