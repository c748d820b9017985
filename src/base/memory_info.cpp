// Reads /proc/PID/{statm,status,smaps_rollup,smaps}, see <ouro/base/memory_info.hpp>. The texts are
// parsed in proc_memory.cpp.
#include <ouro/base/memory_info.hpp>

#include "base/proc_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

namespace ouro {

namespace {

// One process's folder below /proc and the sentences for what can go wrong there.
class ProcessFolder {
 public:
  explicit ProcessFolder(pid_t pid) : pid_(pid), path_("/proc/" + std::to_string(pid) + "/") {}

  std::string path(const char* file) const { return path_ + file; }

  // Precondition of the second form: errno is what reading the file gave.
  Error error(ErrorCode code, const char* file, const std::string& what) const {
    return Error{code, path(file), "process " + std::to_string(pid_) + " " + what};
  }
  Error read_error(const char* file, int error_number) const;

  Result<std::string> read(const char* file) const;

 private:
  bool exists() const { return ::kill(pid_, 0) == 0 || errno == EPERM; }

  pid_t pid_;
  std::string path_;
};

Error ProcessFolder::read_error(const char* file, int error_number) const {
  switch (error_number) {
    case EACCES:
    case EPERM:
      return error(ErrorCode::kPermissionDenied, file,
                   "may not be looked at: it belongs to another user, or has forbidden it; run as "
                   "its user or as root");
    case ENOENT:
    case ESRCH:
      if (::access("/proc/self/statm", R_OK) != 0) {
        return error(ErrorCode::kUnsupported, file, "cannot be looked at: /proc is not mounted");
      }
      if (exists() && ::access(path("statm").c_str(), F_OK) != 0) {
        return error(ErrorCode::kPermissionDenied, file,
                     "is hidden: /proc is mounted with hidepid; run as its user or as root");
      }
      if (exists()) {
        return error(ErrorCode::kUnsupported, file,
                     "has no such file: the kernel was built without CONFIG_PROC_PAGE_MONITOR");
      }
      return error(ErrorCode::kNotFound, file,
                   "does not exist (any more); `ps -e` lists those that do");
    default:
      return error(ErrorCode::kInputOutput, file,
                   std::string("could not be read: ") + std::strerror(error_number));
  }
}

Result<std::string> ProcessFolder::read(const char* file) const {
  // smaps of a process with the most mappings Linux allows by default (65530) stays below this.
  constexpr std::size_t kMaxBytes = std::size_t{128} << 20;
  constexpr std::size_t kChunkBytes = std::size_t{16} << 10;

  const int descriptor = ::open(path(file).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return read_error(file, errno);
  std::string text;
  ssize_t count = 1;
  while (count != 0 && text.size() < kMaxBytes) {
    const std::size_t old_size = text.size();
    text.resize(old_size + kChunkBytes);
    do {
      count = ::read(descriptor, text.data() + old_size, kChunkBytes);
    } while (count < 0 && errno == EINTR);
    const int error_number = errno;
    text.resize(old_size + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0) {
      ::close(descriptor);
      return read_error(file, error_number);
    }
  }
  ::close(descriptor);
  if (count != 0) return error(ErrorCode::kCorrupt, file, "has a file of more than 128 MiB there");
  return text;
}

std::optional<Error> read_statm(const ProcessFolder& folder, MemoryInfo& info) {
  const Result<std::string> text = folder.read("statm");
  if (!text) return text.error();
  const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return detail::parse_statm(*text, folder.path("statm"), page_bytes, info);
}

std::optional<Error> read_status(const ProcessFolder& folder, MemoryInfo& info) {
  const Result<std::string> text = folder.read("status");
  if (!text) return text.error();
  if (detail::is_zombie(*text)) {
    return folder.error(ErrorCode::kNotFound, "status",
                        "has ended and has no memory: only its exit status waits for the parent");
  }
  std::optional<Error> error = detail::parse_status(*text, folder.path("status"), info);
  // rss is read earlier and summed lazily, so the peak may come out lower than it.
  info.peak_rss = std::max(info.peak_rss, info.rss);
  return error;
}

std::optional<Error> read_smaps(const ProcessFolder& folder, MemoryInfo& info) {
  const char* file = "smaps_rollup";
  Result<std::string> text = folder.read(file);
  // Before Linux 4.14 there is only smaps. Kernel threads have a smaps_rollup that says "no such
  // process", and an empty smaps.
  if (!text && text.error().code != ErrorCode::kPermissionDenied) {
    file = "smaps";
    text = folder.read(file);
  }
  if (!text) return text.error();
  return detail::parse_smaps(*text, folder.path(file), info);
}

}  // namespace

MemoryInfo memory_info() {
  const ProcessFolder folder(::getpid());
  MemoryInfo info;
  for (auto* read_part : {&read_statm, &read_status, &read_smaps}) {
    // What is not known stays 0 and says nothing of the other parts.
    if (MemoryInfo part = info; !read_part(folder, part)) info = part;
  }
  return info;
}

Result<MemoryInfo> memory_info(pid_t pid) {
  const ProcessFolder folder(pid);
  if (pid <= 0) {
    return folder.error(ErrorCode::kNotFound, "",
                        "does not exist: the id of a process is greater than 0");
  }
  MemoryInfo info;
  for (auto* read_part : {&read_statm, &read_status, &read_smaps}) {
    if (std::optional<Error> error = read_part(folder, info)) return *std::move(error);
  }
  return info;
}

}  // namespace ouro
