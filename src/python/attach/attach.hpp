// Attaching to a process: stops of its main thread until the agent was started and speaks.
//
//   main thread                        what is done
//   in the program                     a pending call: Python calls the agent when it may be called
//     ... which did not come in time   a thread, once the main thread is surely outside of malloc()
//   in a system call                   a thread
//
// Each start has a mapping and a pipe of its own. The first agent that speaks is listened to; the
// others find that nobody reads their pipe, and go.
#pragma once

#include <chrono>

#include <ouro/base/result.hpp>
#include "base/progress.hpp"
#include "python/attach/descriptor.hpp"
#include "python/attach/injection.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/target.hpp"

namespace ouro::python::attach {

/// What is to be said of a program that runs on, whose clone did not get to its end.
inline constexpr const char* kCloneEnded =
    "its clone was ended before it had said all, as where memory runs out; the program itself runs "
    "on. --no-fork makes no clone";

struct AttachOptions {
  bool walks_in_place = false;
  /// Totals by class instead of a heap: totals.hpp.
  bool says_totals = false;
  /// After which a program that cannot be looked at is let be; the walk itself has no limit.
  std::chrono::milliseconds patience = std::chrono::seconds(60);
};

struct Attached {
  Descriptor pipe;  ///< non-blocking; something has come through it
  agent::Way way = agent::Way::kByPendingCall;
  std::chrono::nanoseconds longest_stop{0};  ///< of the main thread, by ptrace
  std::chrono::nanoseconds all_stops{0};
  unsigned stops = 0;
};

/// Waits for as long as the options say; interruption ends it with kInputOutput. The target is as
/// it was in any case.
Result<Attached> attach(const Target& target, const AttachOptions& options,
                        const Interruption& interruption, Progress* progress = nullptr);

}  // namespace ouro::python::attach
