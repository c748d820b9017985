#include "python/attach/modules.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace ouro::python::attach {

namespace {

/// What to read the file by, the best first. In a container its path means another file here, or
/// none; a deleted file is still there by its mapping, for those who may (root).
std::vector<std::string> ways_to(const TargetProcess& target, const std::string& path,
                                 std::uint64_t begin, std::uint64_t end) {
  char range[40];
  std::snprintf(range, sizeof(range), "map_files/%llx-%llx", static_cast<unsigned long long>(begin),
                static_cast<unsigned long long>(end));
  return {target.path("root") + path, target.path(range), target.path("exe"), path};
}

/// The first page is mapped for reading alone, so nothing in it can have changed since.
bool is_in_memory(const TargetProcess& target, std::uint64_t begin,
                  std::span<const std::byte> file) {
  std::byte page[4096];
  const std::size_t bytes = std::min(sizeof(page), file.size());
  return target.read(begin, std::span(page, bytes)) && std::memcmp(page, file.data(), bytes) == 0;
}

}  // namespace

std::string_view Module::file_name() const {
  return std::string_view(path_).substr(path_.rfind('/') + 1);
}

std::optional<Error> Module::open() {
  if (is_open()) return std::nullopt;
  Error error{ErrorCode::kNotFound, path_, "cannot be opened"};
  for (const std::string& way : ways_to(target_, path_, begin_, first_end_)) {
    auto file = MappedFile::open(way);
    if (!file) {
      if (error.code == ErrorCode::kNotFound) error.code = file.error().code;
      continue;
    }
    const auto elf = ElfFile::parse((*file)->bytes());
    if (!elf || !is_in_memory(target_, begin_, (*file)->bytes())) continue;
    file_ = *std::move(file);
    elf_ = elf;
    return std::nullopt;
  }
  error.message = is_deleted_
                      ? "has been deleted or replaced since the program loaded it; root can still "
                        "read it, or restart the program"
                      : "cannot be read, or is not what the program has loaded";
  return error;
}

std::vector<std::uint64_t> Module::addresses_of(std::span<const std::string_view> names) const {
  std::vector<std::uint64_t> addresses = elf_->addresses_of(names);
  for (std::uint64_t& address : addresses) {
    if (address != 0) address += bias();
  }
  return addresses;
}

std::uint64_t Module::address_of(std::string_view name) const {
  return addresses_of(std::span(&name, 1)).front();
}

std::uint64_t Module::find_code(std::span<const std::uint8_t> bytes) const {
  const std::uint64_t in_file = elf_->find_code(bytes);
  if (in_file == 0) return 0;
  std::vector<std::byte> there(bytes.size());
  const std::uint64_t address = in_file + bias();
  if (!target_.read(address, there)) return 0;
  return std::memcmp(there.data(), bytes.data(), bytes.size()) == 0 ? address : 0;
}

std::vector<Module> modules_of(const TargetProcess& target) {
  std::vector<Module> modules;
  const std::vector<Mapping> mappings = target.mappings();
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    const Mapping& first = mappings[i];
    if (first.offset != 0 || first.inode == 0 || !first.path.starts_with('/')) continue;
    // The same file once more from its beginning is another mapping of it, by who reads it.
    std::uint64_t end = first.end;
    bool has_code = first.is_executable;
    std::size_t next = i + 1;
    for (; next < mappings.size(); ++next) {
      const Mapping& mapping = mappings[next];
      if (mapping.inode == 0 && mapping.path.empty()) continue;  // .bss, or somebody's memory
      if (mapping.path != first.path || mapping.offset == 0) break;
      end = mapping.end;
      has_code = has_code || mapping.is_executable;
    }
    if (has_code) modules.emplace_back(target, first, end);
  }
  return modules;
}

}  // namespace ouro::python::attach
