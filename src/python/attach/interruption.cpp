#include "python/attach/interruption.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace ouro::python::attach {

namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
/// A SIGCHLD that comes just before it is waited for goes to any thread that does not block it,
/// such as those of a program that uses us as a library. It must not cost the target more than
/// this.
constexpr auto kLongestWithoutALook = std::chrono::microseconds(200);

std::atomic<int> signal_that_came = 0;
std::atomic<bool> is_asked_to_stop = false;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void note(int signal) {
  signal_that_came = signal;
  is_asked_to_stop = true;
}

timespec time_until(Clock::time_point deadline) {
  using namespace std::chrono;
  const auto left = std::max(nanoseconds(0), duration_cast<nanoseconds>(deadline - Clock::now()));
  return {static_cast<time_t>(left.count() / 1'000'000'000),
          static_cast<long>(left.count() % 1'000'000'000)};
}

}  // namespace

Interruption::Interruption(Catches catches) {
  signal_that_came = 0;
  is_asked_to_stop = false;
  struct sigaction action{};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  int i = 0;
  for (const int signal : kSignals) {
    sigaction(signal, nullptr, &before_[i]);
    // Who starts us with nohup means it.
    if (catches == Catches::kSignals && before_[i].sa_handler != SIG_IGN) {
      sigaction(signal, &action, nullptr);
    }
    ++i;
  }
  // An ignored SIGCHLD, which a parent may leave us, would not come at all.
  action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &action, &before_[i]);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &mask_before_);
}

Interruption::~Interruption() {
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  int i = 0;
  for (const int signal : kSignals) sigaction(signal, &before_[i++], nullptr);
  sigaction(SIGCHLD, &before_[i], nullptr);
  // Ours may have hidden one of theirs; a handler expects several ends behind one signal, and none.
  const bool has_handler = before_[i].sa_handler != SIG_DFL && before_[i].sa_handler != SIG_IGN;
  if (has_handler) kill(getpid(), SIGCHLD);
}

const std::atomic<bool>& Interruption::asked_to_stop() {
  return is_asked_to_stop;
}

int Interruption::flag() {
  return signal_that_came;
}

void Interruption::wait_for_child(Clock::time_point deadline) const {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  const timespec time =
      time_until(std::min<Clock::time_point>(deadline, Clock::now() + kLongestWithoutALook));
  sigtimedwait(&child, nullptr, &time);
}

void Interruption::sleep_until(Clock::time_point deadline) const {
  const timespec time = time_until(deadline);
  if (!has_come()) nanosleep(&time, nullptr);
}

}  // namespace ouro::python::attach
