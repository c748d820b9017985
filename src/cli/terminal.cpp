#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

#include "cli/exit_code.hpp"
#include "report/table.hpp"

namespace ouro::cli {

std::size_t output_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    const int width = std::atoi(columns);
    if (width > 0) return static_cast<std::size_t>(width);
  }
  winsize size{};
  if (isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
      size.ws_col > 0) {
    return size.ws_col;
  }
  return report::kAnyWidth;
}

void write_output(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EPIPE) std::_Exit(0);
      throw Failure(ExitCode::kCannotWrite,
                    "standard output cannot be written: " + std::generic_category().message(errno));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

TerminalProgress::TerminalProgress() : is_terminal_(isatty(STDERR_FILENO) != 0) {}

TerminalProgress::~TerminalProgress() {
  if (is_shown_) std::fputs("\r\033[K", stderr);
}

void TerminalProgress::begin(std::string_view what, std::uint64_t total) {
  what_ = what;
  total_ = total;
  show(0);
}

void TerminalProgress::advance(std::uint64_t done) {
  show(done);
}

void TerminalProgress::show(std::uint64_t done) {
  if (!is_terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now - start_ < std::chrono::seconds(1)) return;
  if (now - last_shown_ < std::chrono::milliseconds(100)) return;
  last_shown_ = now;
  is_shown_ = true;
  std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(what_.size()), what_.data());
  if (total_ > 0) {
    std::fprintf(stderr, "  %llu %%", static_cast<unsigned long long>(done * 100 / total_));
  }
  std::fflush(stderr);
}

}  // namespace ouro::cli
