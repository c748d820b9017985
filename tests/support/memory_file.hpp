// Bytes as a file without a disk, read from its beginning.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ouro::test {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("test", MFD_CLOEXEC)) {
    const bool is_whole = descriptor_ >= 0 && ::write(descriptor_, bytes.data(), bytes.size()) ==
                                                  static_cast<ssize_t>(bytes.size());
    if (!is_whole || ::lseek(descriptor_, 0, SEEK_SET) != 0) {
      std::perror("no file in memory");
      std::abort();
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  int descriptor() const { return descriptor_; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace ouro::test
