#include "python/agent/child.hpp"

#include "python/agent/signals.hpp"
#include "python/agent/system_calls.hpp"

namespace ouro::python::agent {

namespace {

constexpr long kWaitForClones = 0x40000000;  // __WALL: of whatever exit signal
constexpr long kInterrupted = -4;
constexpr long kSetDumpable = 4;
constexpr long kSetName = 15;
constexpr long kCoreSize = 4;
constexpr long kWriteOnlyCloseOnExec = 02000001;

void close_all_but(int fd) {
  const long highest = 0xFFFFFFFF;
  const bool is_done = (fd == 0 || system_call(__NR_close_range, 0, fd - 1, 0) == 0) &&
                       system_call(__NR_close_range, fd + 1, highest, 0) == 0;
  if (is_done) return;
  // Before Linux 5.9, or forbidden by a filter.
  struct {
    std::uint64_t soft, hard;
  } limit{};
  constexpr long kFileCount = 7;
  system_call(__NR_getrlimit, kFileCount, reinterpret_cast<long>(&limit));
  constexpr std::uint64_t kMost = 1 << 20;
  const long count = static_cast<long>(limit.soft < kMost ? limit.soft : kMost);
  for (long other = 0; other < count; ++other) {
    if (other != fd) system_call(__NR_close, other);
  }
}

void be_first_where_memory_runs_out() {
  const char path[] = "/proc/self/oom_score_adj";
  const char most[] = "1000";
  const long fd = system_call(__NR_open, reinterpret_cast<long>(path), kWriteOnlyCloseOnExec);
  if (fd < 0) return;
  system_call(__NR_write, fd, reinterpret_cast<long>(most), sizeof(most) - 1);
  system_call(__NR_close, fd);
}

}  // namespace

long clone_process() {
  return system_call(__NR_clone, 0, 0, 0, 0, 0);
}

void become_child(int fd) {
  reset_signal_handlers();
  set_blocked_signals(0);
  const char name[] = "ouro snapshot";
  system_call(__NR_prctl, kSetName, reinterpret_cast<long>(name));
  // A core file of this process would look like a crash of the target. Its limit alone is not
  // asked where cores go to a program.
  const std::uint64_t none[2] = {0, 0};
  system_call(__NR_setrlimit, kCoreSize, reinterpret_cast<long>(none));
  be_first_where_memory_runs_out();
  system_call(__NR_prctl, kSetDumpable, 0);
  close_all_but(fd);
}

void wait_for(int child) {
  while (system_call(__NR_wait4, child, 0, kWaitForClones, 0) == kInterrupted) {
  }
}

}  // namespace ouro::python::agent
