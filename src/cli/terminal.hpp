// Where the command writes to, and how wide that is.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "base/progress.hpp"

namespace ouro::cli {

/// Characters a line of standard output: of the terminal, or no limit where it is a file or pipe.
/// COLUMNS in the environment overrides both.
std::size_t output_width();

/// Writes to standard output. Throws Failure where that fails; a reader who has gone (`| head`)
/// ends the command quietly.
void write_output(std::string_view text);

/// A line on standard error, if that is a terminal, for work that takes longer than a second; it is
/// wiped when the work is done.
class TerminalProgress final : public Progress {
 public:
  TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;
  ~TerminalProgress() override;

  void begin(std::string_view what, std::uint64_t total) override;
  void advance(std::uint64_t done) override;

 private:
  using Clock = std::chrono::steady_clock;

  void show(std::uint64_t done);

  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_shown_{};
  std::string_view what_;
  std::uint64_t total_ = 0;
};

}  // namespace ouro::cli
