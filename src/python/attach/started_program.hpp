// A program that this process starts itself, as if it were not there: same streams, same terminal,
// same process group; signals are passed on.
//
//   Call order: start, then wait() until has_ended(), then end_as_it_did().
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/attach/descriptor.hpp"
#include "python/attach/exit_notice.hpp"

namespace ouro::python::attach {

class StartedProgram {
 public:
  /// What it had to say.
  enum class News {
    kNone,    ///< the time has come
    kExits,   ///< its Python is about to end, and waits for go_on()
    kSignal,  ///< the signal came that asks for a snapshot
    kEnded,
  };

  /// `words` as execvp() takes them. A signal that asks for snapshots, or 0, is not passed on.
  /// Errors: the program cannot be started (kNotFound, kPermissionDenied).
  static Result<StartedProgram> start(const std::vector<std::string>& words, int signal_that_asks,
                                      std::optional<ExitNotice> notice);

  pid_t pid() const { return pid_; }
  /// Until there is news, or the time has come.
  News wait(std::chrono::milliseconds time);
  /// Lets a program end that said kExits.
  void go_on();

  bool has_ended() const { return has_ended_; }
  /// "exit status 3", "signal 15 (Terminated)".
  std::string how_it_ended() const;
  /// Ends this process with its exit status, or by its signal.
  [[noreturn]] void end_as_it_did();

 private:
  StartedProgram(pid_t pid, std::optional<ExitNotice> notice)
      : pid_(pid), notice_(std::move(notice)) {}

  pid_t pid_;
  std::optional<ExitNotice> notice_;
  int status_ = 0;
  bool has_ended_ = false;
};

}  // namespace ouro::python::attach
