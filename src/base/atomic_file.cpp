#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace ouro {

AtomicFile::AtomicFile(std::string path, FileAccess access)
    : path_(std::move(path)), access_(access) {
  static std::atomic<unsigned> serial = 0;
  temporary_path_ =
      path_ + '.' + std::to_string(getpid()) + '.' + std::to_string(++serial) + ".tmp";
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(temporary_path_.c_str());
}

std::optional<Error> AtomicFile::open() {
  const mode_t less_the_umask = access_ == FileAccess::kOwnerAlone ? 0600 : 0666;
  // O_EXCL: never through a link that somebody else has put there.
  descriptor_ =
      ::open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, less_the_umask);
  if (descriptor_ < 0) return error_now();
  return std::nullopt;
}

std::optional<Error> AtomicFile::write(std::string_view text) {
  if (!write_whole(descriptor_, text)) return error_now();
  return std::nullopt;
}

std::optional<Error> AtomicFile::write_at_start(std::string_view text) {
  if (lseek(descriptor_, 0, SEEK_SET) != 0) return error_now();
  if (auto error = write(text)) return error;
  if (lseek(descriptor_, 0, SEEK_END) < 0) return error_now();
  return std::nullopt;
}

std::optional<Error> AtomicFile::commit() {
  if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) return error_now();
  close(std::exchange(descriptor_, -1));
  return std::nullopt;
}

Error AtomicFile::error_now() const {
  const int number = errno;
  const ErrorCode code = number == EACCES || number == EPERM || number == EROFS
                             ? ErrorCode::kPermissionDenied
                             : ErrorCode::kInputOutput;
  return {code, path_, "cannot be written: " + std::generic_category().message(number)};
}

bool write_whole(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace ouro
