// How the command ends; docs/reference/command.md says the same to users.
#pragma once

#include <stdexcept>
#include <string>

namespace ouro::cli {

enum class ExitCode : int {
  kDone = 0,
  kNothingFound = 1,   ///< no object fits, or what was asked about is not there
  kBadUsage = 2,       ///< options or queries that make no sense
  kBadInput = 3,       ///< a file that cannot be read, or is damaged
  kCannotWrite = 4,    ///< the output could not be written
  kTargetEnded = 5,    ///< the program that was watched has ended
  kInterrupted = 130,  ///< Ctrl-C
};

/// Ends the command with a line on standard error.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace ouro::cli
