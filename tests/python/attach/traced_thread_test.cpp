#include "python/attach/traced_thread.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <thread>

#include <gtest/gtest.h>

namespace ouro::python::attach {

namespace {

using std::chrono::seconds;
using Stop = TracedThread::Stop;

class Child {
 public:
  explicit Child(void (*body)()) : pid_(fork()) {
    if (pid_ == 0) body();
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

[[noreturn]] void make_system_calls() {
  for (;;) syscall(SYS_getppid);
}

[[noreturn]] void compute() {
  for (;;) asm volatile("");  // or the loop, without any effect, could be left out
}

/// A thread that was there before and blocks no signal, as those of a library for numbers: what the
/// kernel gives to it is gone. This one takes all it can get.
class Bystander {
 public:
  Bystander() : thread_([this] { take_signals(); }) {}
  ~Bystander() {
    is_over_ = true;
    thread_.join();
  }

 private:
  void take_signals() const {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    constexpr timespec kAtOnce{};
    while (!is_over_) sigtimedwait(&child, nullptr, &kAtOnce);
  }

  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

/// System calls of `pid` that were seen from beginning to end.
int calls_seen(pid_t pid, int most) {
  const Interruption interruption(Catches::kChildren);
  TracedThread thread(pid, interruption);
  if (thread.seize()) return -1;
  const auto deadline = Clock::now() + seconds(60);
  for (int i = 0; i < most; ++i) {
    if (thread.run_to_system_call(deadline) != Stop::kSystemCallEntry) return i;
    if (thread.run_to_system_call(deadline) != Stop::kSystemCallExit) return i;
  }
  return most;
}

}  // namespace

TEST(TracedThreadTest, SeesEverySystemCall) {
  const Child caller(make_system_calls);
  EXPECT_EQ(calls_seen(caller.pid(), 2000), 2000);
}

TEST(TracedThreadTest, SeesThemThoughAnotherThreadTakesTheSignals) {
  const Child caller(make_system_calls);
  const Bystander bystander;
  EXPECT_EQ(calls_seen(caller.pid(), 2000), 2000);
}

// The machine may have stood still until the deadline, and the thread with it.
TEST(TracedThreadTest, GivesTheThreadTimeThoughTheDeadlineHasPassed) {
  const Child caller(make_system_calls);
  const Interruption interruption(Catches::kChildren);
  TracedThread thread(caller.pid(), interruption);
  ASSERT_FALSE(thread.seize());
  EXPECT_EQ(thread.run_to_system_call(Clock::now() - seconds(1)), Stop::kSystemCallEntry);
}

TEST(TracedThreadTest, GivesUpAThreadThatMakesNoSystemCall) {
  const Child computing(compute);
  const Interruption interruption(Catches::kChildren);
  TracedThread thread(computing.pid(), interruption);
  ASSERT_FALSE(thread.seize());
  // The end of its fork still makes a few.
  Stop stop = Stop::kSystemCallExit;
  for (int i = 0; i < 100 && stop != Stop::kTimeout; ++i) {
    stop = thread.run_to_system_call(Clock::now());
  }
  EXPECT_EQ(stop, Stop::kTimeout);
}

}  // namespace ouro::python::attach
