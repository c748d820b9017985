// Threads for a moment: work is done by this thread and some others side by side.
//
// They are not Python's, and have no thread state: they may read the heap, which the caller's GIL
// keeps as it is, and call nothing of the interpreter that asks for more. Signals are not theirs.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <signal.h>

namespace ouro::python::walker {

inline constexpr int kMostWorkers = 4;

/// How many threads are worth having: this process' processors, at most kMostWorkers.
inline int worker_count() {
  cpu_set_t processors;
  if (sched_getaffinity(0, sizeof processors, &processors) != 0) return 1;
  const int count = CPU_COUNT(&processors);
  return count < kMostWorkers ? count : kMostWorkers;
}

/// Calls `work(0)` here and `work(1)` ... `work(count - 1)` beside it; gives back when all have
/// ended. Those for which there is no thread are not called: only 0 is sure to be.
template <class Work>
void work_side_by_side(int count, Work work) {
  struct Part {
    Work* work;
    int number;
  };
  Part parts[kMostWorkers];
  pthread_t threads[kMostWorkers];
  int started = 1;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (; started < count; ++started) {
    parts[started] = {&work, started};
    const auto run = [](void* part) -> void* {
      (*static_cast<Part*>(part)->work)(static_cast<Part*>(part)->number);
      return nullptr;
    };
    if (pthread_create(&threads[started], nullptr, run, &parts[started]) != 0) break;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  work(0);
  for (int number = 1; number < started; ++number) pthread_join(threads[number], nullptr);
}

}  // namespace ouro::python::walker
