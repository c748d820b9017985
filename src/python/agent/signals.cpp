#include "python/agent/signals.hpp"

#include "python/agent/system_calls.hpp"

namespace ouro::python::agent {

namespace {

constexpr long kSetMask = 2;
constexpr SignalSet kBrokenPipe = SignalSet{1} << (13 - 1);

/// What rt_sigaction() takes, all zeros: the default.
struct KernelSignalAction {
  std::uint64_t handler = 0;
  std::uint64_t flags = 0;
  std::uint64_t restorer = 0;
  SignalSet mask = 0;
};

bool is_broken_pipe_pending() {
  SignalSet pending = 0;
  system_call(__NR_rt_sigpending, reinterpret_cast<long>(&pending), sizeof(pending));
  return (pending & kBrokenPipe) != 0;
}

}  // namespace

SignalSet set_blocked_signals(SignalSet blocked) {
  SignalSet before = 0;
  system_call(__NR_rt_sigprocmask, kSetMask, reinterpret_cast<long>(&blocked),
              reinterpret_cast<long>(&before), sizeof(blocked));
  return before;
}

void reset_signal_handlers() {
  const KernelSignalAction by_default;
  constexpr long kSignals = 64;
  for (long signal = 1; signal <= kSignals; ++signal) {
    system_call(__NR_rt_sigaction, signal, reinterpret_cast<long>(&by_default), 0,
                sizeof(SignalSet));
  }
}

SignalsBlocked::SignalsBlocked()
    : before_(set_blocked_signals(kAllSignals)), had_broken_pipe_(is_broken_pipe_pending()) {}

SignalsBlocked::~SignalsBlocked() {
  if (!had_broken_pipe_ && is_broken_pipe_pending()) {
    const std::int64_t no_time[2] = {0, 0};
    const SignalSet broken_pipe = kBrokenPipe;
    system_call(__NR_rt_sigtimedwait, reinterpret_cast<long>(&broken_pipe), 0,
                reinterpret_cast<long>(no_time), sizeof(broken_pipe));
  }
  set_blocked_signals(before_);
}

}  // namespace ouro::python::agent
