// A file's bytes as memory, read-only.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <ouro/base/result.hpp>

namespace ouro {

class MappedFile {
 public:
  /// Errors: kNotFound, kPermissionDenied, kInputOutput (a folder, a device).
  static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::string& path() const { return path_; }

 private:
  MappedFile(std::string path, std::span<const std::byte> bytes);

  std::string path_;
  std::span<const std::byte> bytes_;
};

}  // namespace ouro
