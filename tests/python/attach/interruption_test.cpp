#include "python/attach/interruption.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace ouro::python::attach {

namespace {

volatile std::sig_atomic_t children_heard_of = 0;

}  // namespace

// Another thread may have taken the signal: the target stands still until somebody looks.
TEST(InterruptionTest, WaitsForNoSignalAlone) {
  const Interruption interruption;
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  interruption.wait_for_child(deadline);
  EXPECT_LT(Clock::now(), deadline);
}

TEST(InterruptionTest, HidesNoChildFromTheHandlerOfItsProgram) {
  struct sigaction action{}, before{};
  action.sa_handler = [](int) { children_heard_of = children_heard_of + 1; };
  sigaction(SIGCHLD, &action, &before);
  {
    const Interruption interruption;
    raise(SIGCHLD);
    interruption.wait_for_child(Clock::now());
    EXPECT_EQ(children_heard_of, 0);
  }
  EXPECT_EQ(children_heard_of, 1);
  sigaction(SIGCHLD, &before, nullptr);
}

TEST(InterruptionTest, PutsTheHandlersAndTheMaskBack) {
  sigset_t before, after;
  sigprocmask(SIG_BLOCK, nullptr, &before);
  {
    const Interruption interruption;
  }
  sigprocmask(SIG_BLOCK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
    struct sigaction action{};
    sigaction(signal, nullptr, &action);
    EXPECT_EQ(action.sa_handler, SIG_DFL) << signal;
    EXPECT_EQ(sigismember(&after, signal), sigismember(&before, signal)) << signal;
  }
}

}  // namespace ouro::python::attach
