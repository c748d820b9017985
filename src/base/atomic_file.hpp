// A file that appears under its name complete, or not at all: it is written beside under another
// name and renamed at the end. An older file of the name is replaced in that moment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ouro/base/result.hpp>

namespace ouro {

/// Who may read a new file.
enum class FileAccess {
  kUsual,       ///< as the umask says
  kOwnerAlone,  ///< mode 0600: it holds what a program works on, so people's data
};

class AtomicFile {
 public:
  explicit AtomicFile(std::string path, FileAccess access = FileAccess::kUsual);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Removes what was written, unless commit() succeeded.
  ~AtomicFile();

  /// Call order: open, then any writing, then commit. Each gives an error or nothing; after an
  /// error nothing more may be called.
  std::optional<Error> open();
  std::optional<Error> write(std::string_view text);
  /// Over what was written first: for headers that are known last. No longer than what is there.
  std::optional<Error> write_at_start(std::string_view text);
  std::optional<Error> commit();

  /// For others to write to, between open and commit.
  int descriptor() const noexcept { return descriptor_; }

 private:
  Error error_now() const;

  std::string path_;
  FileAccess access_;
  std::string temporary_path_;
  int descriptor_ = -1;
};

/// Writes the text whole to the descriptor; false with errno on failure.
bool write_whole(int descriptor, std::string_view text);

}  // namespace ouro
