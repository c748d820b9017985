#include "base/graphviz.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/atomic_file.hpp"

namespace ouro {

namespace {

/// A file without a name, in memory: what `dot` reads, and what it complains. Pipes would block
/// when both sides write.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  int descriptor() const noexcept { return descriptor_; }
  bool fill(std::string_view text) {
    return descriptor_ >= 0 && write_whole(descriptor_, text) &&
           lseek(descriptor_, 0, SEEK_SET) == 0;
  }
  std::string first_line() const {
    std::array<char, 200> text;
    const ssize_t length = pread(descriptor_, text.data(), text.size(), 0);
    const std::string_view all(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    return std::string(all.substr(0, all.find('\n')));
  }

 private:
  int descriptor_;
};

/// Starts `dot` with these as its standard input, output and error; an error number, or 0.
int spawn_dot(const std::string& format, const std::array<int, 3>& streams, pid_t& process) {
  std::string format_argument = "-T" + format;
  // At the 96 dots of Graphviz's default, small print in a PNG is hard to read.
  std::string dots_argument = "-Gdpi=144";
  std::string name = "dot";
  std::array<char*, 4> arguments{name.data(), format_argument.data(), nullptr, nullptr};
  if (format == "png") arguments[2] = dots_argument.data();

  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions)) return error;
  int error = 0;
  for (int stream = 0; stream < 3 && error == 0; ++stream) {
    error = posix_spawn_file_actions_adddup2(&actions, streams[static_cast<std::size_t>(stream)],
                                             stream);
  }
  if (error == 0) {
    error = posix_spawnp(&process, name.c_str(), &actions, nullptr, arguments.data(), environ);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/// Waits for the process; whether it ended as it should. A program that ignores SIGCHLD never
/// learns of its children's status; then the file it wrote must speak for it.
bool has_ended_well(pid_t process, int written) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return lseek(written, 0, SEEK_END) > 0;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Error failure(const std::string& path, const std::string& reason) {
  if (reason.find("not recognized") != std::string::npos) {
    return {
        ErrorCode::kUnsupported, path,
        "Graphviz does not know the format that the file name ends with; .svg and .png are usual"};
  }
  return {ErrorCode::kInputOutput, path,
          "Graphviz could not draw it: " + (reason.empty() ? "the program dot failed" : reason)};
}

}  // namespace

Result<Drawing> draw_dot(std::string_view dot_text, const std::string& format,
                         const std::string& path) {
  AtomicFile file(path);
  if (auto error = file.open()) return *std::move(error);
  MemoryFile input("picture");
  const MemoryFile complaints("complaints");
  if (!input.fill(dot_text) || complaints.descriptor() < 0) {
    return failure(path, std::generic_category().message(errno));
  }
  pid_t process = 0;
  const int error =
      spawn_dot(format, {input.descriptor(), file.descriptor(), complaints.descriptor()}, process);
  if (error == ENOENT || error == EACCES) return Drawing::kNoGraphviz;
  if (error != 0) return failure(path, std::generic_category().message(error));
  if (!has_ended_well(process, file.descriptor())) return failure(path, complaints.first_line());
  if (auto commit_error = file.commit()) return *std::move(commit_error);
  return Drawing::kDone;
}

}  // namespace ouro
