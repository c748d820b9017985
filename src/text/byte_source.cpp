#include "text/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace ouro::text {

Result<std::string_view> RawSource::next() {
  if (std::exchange(repeats_, false)) return block_;
  Result<std::string_view> block = read_block();
  if (!block) return block;
  block_ = *block;
  bytes_done_ += block_.size();
  return block_;
}

namespace {

Error error_of(int number, const std::string& name, const char* action) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return {ErrorCode::kNotFound, name, "there is no such file"};
    case EACCES:
    case EPERM:
      return {ErrorCode::kPermissionDenied, name, "it is there, but may not be read by this user"};
    default:
      return {ErrorCode::kInputOutput, name, std::string(action) + ": " + std::strerror(number)};
  }
}

class File final : public RawSource {
 public:
  File(std::string name, int descriptor, std::uint64_t size_bytes)
      : RawSource(std::move(name)), descriptor_(descriptor), buffer_(kBlockBytes + kPaddingBytes) {
    set_total_bytes(size_bytes);
  }
  ~File() override {
    if (descriptor_ != STDIN_FILENO) close(descriptor_);
  }

 protected:
  // A pipe gives what it has; blocks are filled all the same, so that each is worth its handling.
  Result<std::string_view> read_block() override {
    std::size_t filled = 0;
    while (filled < kBlockBytes) {
      const ssize_t got = read(descriptor_, buffer_.data() + filled, kBlockBytes - filled);
      if (got == 0) break;
      if (got > 0) {
        filled += static_cast<std::size_t>(got);
      } else if (errno != EINTR) {
        return error_of(errno, name(), "it cannot be read");
      }
    }
    return std::string_view(buffer_.data(), filled);
  }

 private:
  int descriptor_;
  std::vector<char> buffer_;
};

class Bytes final : public RawSource {
 public:
  Bytes(std::string name, std::string bytes)
      : RawSource(std::move(name)), size_(bytes.size()), bytes_(std::move(bytes)) {
    set_total_bytes(size_);
    bytes_.append(kPaddingBytes, '\0');
  }

 protected:
  Result<std::string_view> read_block() override {
    return std::string_view(bytes_).substr(0, std::exchange(size_, 0));
  }

 private:
  std::size_t size_;
  std::string bytes_;
};

}  // namespace

Result<std::unique_ptr<RawSource>> open_file(const std::string& path) {
  const bool is_standard_input = path == "-";
  const std::string name = is_standard_input ? "standard input" : path;
  const int descriptor =
      is_standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return error_of(errno, name, "it cannot be opened");

  struct stat facts = {};
  const bool is_known = fstat(descriptor, &facts) == 0;
  const bool is_file = is_known && S_ISREG(facts.st_mode);
  auto file = std::make_unique<File>(name, descriptor,
                                     is_file ? static_cast<std::uint64_t>(facts.st_size) : 0);
  if (is_known && S_ISDIR(facts.st_mode)) {
    return Error{ErrorCode::kUnsupported, name,
                 "expected a file with a graph, found a directory; name a file, or - for standard "
                 "input"};
  }
  if (is_file) posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<RawSource>(std::move(file));
}

std::unique_ptr<RawSource> source_of_bytes(std::string name, std::string bytes) {
  return std::make_unique<Bytes>(std::move(name), std::move(bytes));
}

}  // namespace ouro::text
