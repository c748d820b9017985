// A process as /proc shows it, and its memory.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/base/result.hpp>

namespace ouro::python::attach {

/// A line of /proc/PID/maps.
struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t offset = 0;
  std::uint64_t inode = 0;
  bool is_readable = false;
  bool is_writable = false;
  bool is_executable = false;
  std::string path;  ///< as the target sees it, without " (deleted)"
  bool is_deleted = false;
};

class TargetProcess {
 public:
  explicit TargetProcess(pid_t pid) : pid_(pid) {}

  pid_t pid() const { return pid_; }
  /// "/proc/PID/name".
  std::string path(std::string_view name) const;

  /// The text of a file of /proc/PID; nothing where it cannot be read.
  std::optional<std::string> text(std::string_view name) const;
  /// "Uid" of /proc/PID/status without the blanks around; "" where there is none.
  std::string status(std::string_view field) const;
  /// The letter of its main thread's state, 'R' or 'S' mostly; 0 where the process has gone.
  char state() const;
  /// "python3", as ps names it.
  std::string name() const;
  std::vector<std::string> command_line() const;
  std::vector<Mapping> mappings() const;

  /// All of it or nothing. Reading asks for the permission to trace, no more.
  bool read(std::uint64_t address, std::span<std::byte> bytes) const;
  /// Of a stopped thread's process; code, too.
  bool write(std::uint64_t address, std::span<const std::byte> bytes) const;

  template <class Value>
  std::optional<Value> value_at(std::uint64_t address) const {
    Value value{};
    if (!read(address, std::as_writable_bytes(std::span(&value, 1)))) return std::nullopt;
    return value;
  }

 private:
  pid_t pid_;
};

/// The text of a whole file; nothing where it cannot be read.
std::optional<std::string> text_of_file(const std::string& path);

}  // namespace ouro::python::attach
