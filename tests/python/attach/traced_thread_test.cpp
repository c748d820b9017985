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

/// A child that makes one system call after the other.
class Caller {
 public:
  Caller() : child_(fork()) {
    while (child_ == 0) syscall(SYS_getppid);
  }
  ~Caller() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  pid_t pid() const { return child_; }

 private:
  pid_t child_;
};

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
  const Caller caller;
  EXPECT_EQ(calls_seen(caller.pid(), 2000), 2000);
}

TEST(TracedThreadTest, SeesThemThoughAnotherThreadTakesTheSignals) {
  const Caller caller;
  const Bystander bystander;
  EXPECT_EQ(calls_seen(caller.pid(), 2000), 2000);
}

}  // namespace ouro::python::attach
