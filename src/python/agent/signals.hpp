// Signals of the thread the agent runs in, without a C library.
#pragma once

#include <cstdint>

namespace ouro::python::agent {

/// Bit n - 1 is signal n.
using SignalSet = std::uint64_t;
inline constexpr SignalSet kAllSignals = ~SignalSet{0};

/// Gives back what was blocked before.
SignalSet set_blocked_signals(SignalSet blocked);

/// Of the whole process: each does by default what it does.
void reset_signal_handlers();

/// Blocks all signals for its lifetime. A pipe that nobody reads any more sends SIGPIPE to who
/// writes: that one is taken away again, unless one waited before.
class SignalsBlocked {
 public:
  SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked();

 private:
  SignalSet before_;
  bool had_broken_pipe_;
};

}  // namespace ouro::python::agent
