// Ctrl-C and its like while a program is being looked at: noted, not obeyed, until the program is
// as it was.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>

namespace ouro::python::attach {

using Clock = std::chrono::steady_clock;

enum class Catches {
  kSignals,   ///< SIGINT, SIGTERM and SIGHUP only set a flag
  kChildren,  ///< somebody else knows what to do with them (`ouro run` passes them on)
};

/// One at a time. While it lives SIGCHLD is kept for wait_for_child() in this thread and in those
/// it starts. Threads that were there before may take one away: nobody waits for a signal alone.
class Interruption {
 public:
  explicit Interruption(Catches catches = Catches::kSignals);
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  bool has_come() const { return flag() != 0; }
  /// The signal, or 0.
  int signal() const { return flag(); }
  /// For others to look at.
  static const std::atomic<bool>& asked_to_stop();

  /// Until something happened to a child or to a traced thread (or nothing did: look again), an
  /// interruption came, or the time has come. May return early.
  void wait_for_child(Clock::time_point deadline) const;
  void sleep_until(Clock::time_point deadline) const;

 private:
  static int flag();

  struct sigaction before_[4];
  sigset_t mask_before_;
};

}  // namespace ouro::python::attach
