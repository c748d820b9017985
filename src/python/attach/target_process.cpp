#include "python/attach/target_process.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

namespace ouro::python::attach {

namespace {

/// The next word of a line, which is shortened by it.
std::string_view take_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return line = {};
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

std::uint64_t number_of(std::string_view text, int base) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

/// "7f10-7f20 r-xp 00001000 fe:00 1234   /usr/lib/libc.so.6".
Mapping parse_mapping(std::string_view line) {
  constexpr std::string_view kDeleted = " (deleted)";
  Mapping mapping;
  const std::string_view range = take_word(line);
  const std::size_t dash = range.find('-');
  mapping.begin = number_of(range.substr(0, dash), 16);
  mapping.end = dash == std::string_view::npos ? 0 : number_of(range.substr(dash + 1), 16);
  const std::string_view access = take_word(line);
  mapping.is_readable = access.starts_with('r');
  mapping.is_writable = access.size() > 1 && access[1] == 'w';
  mapping.is_executable = access.size() > 2 && access[2] == 'x';
  mapping.offset = number_of(take_word(line), 16);
  take_word(line);  // device
  mapping.inode = number_of(take_word(line), 10);
  const std::size_t path = line.find_first_not_of(' ');
  if (path != std::string_view::npos) line.remove_prefix(path);
  if (path != std::string_view::npos) mapping.path = line;
  if (mapping.path.ends_with(kDeleted)) {
    mapping.is_deleted = true;
    mapping.path.resize(mapping.path.size() - kDeleted.size());
  }
  return mapping;
}

}  // namespace

std::optional<std::string> text_of_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text;
  char buffer[16384];
  ssize_t count = 0;
  while ((count = ::read(file, buffer, sizeof(buffer))) > 0 || (count < 0 && errno == EINTR)) {
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  }
  close(file);
  if (count < 0) return std::nullopt;
  return text;
}

std::string TargetProcess::path(std::string_view name) const {
  return "/proc/" + std::to_string(pid_) + '/' + std::string(name);
}

std::optional<std::string> TargetProcess::text(std::string_view name) const {
  return text_of_file(path(name));
}

std::string TargetProcess::status(std::string_view field) const {
  const std::string text = '\n' + this->text("status").value_or("");
  const std::string label = '\n' + std::string(field) + ':';
  const std::size_t at = text.find(label);
  if (at == std::string::npos) return {};
  const std::size_t begin = text.find_first_not_of(" \t", at + label.size());
  const std::size_t end = text.find('\n', at + 1);
  if (begin == std::string::npos || begin >= end) return {};
  return text.substr(begin, end - begin);
}

char TargetProcess::state() const {
  const std::string state = status("State");
  return state.empty() ? '\0' : state[0];
}

std::string TargetProcess::name() const {
  std::string name = text("comm").value_or("");
  while (name.ends_with('\n')) name.pop_back();
  return name;
}

std::vector<std::string> TargetProcess::command_line() const {
  std::vector<std::string> words;
  const std::string text = this->text("cmdline").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::vector<Mapping> TargetProcess::mappings() const {
  std::vector<Mapping> mappings;
  const std::string text = this->text("maps").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    mappings.push_back(parse_mapping(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  return mappings;
}

bool TargetProcess::read(std::uint64_t address, std::span<std::byte> bytes) const {
  const iovec here{bytes.data(), bytes.size()};
  const iovec there{reinterpret_cast<void*>(address), bytes.size()};
  return process_vm_readv(pid_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes.size());
}

bool TargetProcess::write(std::uint64_t address, std::span<const std::byte> bytes) const {
  // Other than process_vm_writev() it writes where the target itself may not: to code.
  const int memory = open(path("mem").c_str(), O_WRONLY | O_CLOEXEC);
  if (memory < 0) return false;
  const ssize_t written = pwrite(memory, bytes.data(), bytes.size(), static_cast<off_t>(address));
  close(memory);
  return written == static_cast<ssize_t>(bytes.size());
}

}  // namespace ouro::python::attach
