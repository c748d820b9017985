// The program and the libraries that are loaded in the target, with their files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/mapped_file.hpp"
#include "python/attach/elf_file.hpp"
#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

/// A file that is mapped with its beginning, and where.
class Module {
 public:
  Module(const TargetProcess& target, const Mapping& first, std::uint64_t end)
      : target_(target),
        path_(first.path),
        begin_(first.begin),
        first_end_(first.end),
        end_(end),
        is_deleted_(first.is_deleted) {}

  const std::string& path() const { return path_; }
  /// Without folders.
  std::string_view file_name() const;
  bool contains(std::uint64_t address) const { return address >= begin_ && address < end_; }

  /// Opens the file and proves that it is the one in memory; before all below.
  std::optional<Error> open();
  bool is_open() const { return elf_.has_value(); }

  /// Addresses in the target; 0 for what the file does not define.
  std::vector<std::uint64_t> addresses_of(std::span<const std::string_view> names) const;
  std::uint64_t address_of(std::string_view name) const;
  /// Of bytes in its code, which stand in the target's memory too; 0: there are none.
  std::uint64_t find_code(std::span<const std::uint8_t> bytes) const;
  const ElfFile& elf() const { return *elf_; }

 private:
  std::uint64_t bias() const { return begin_ - elf_->first_address(); }

  TargetProcess target_;
  std::string path_;
  std::uint64_t begin_;
  std::uint64_t first_end_;  ///< of its first mapping
  std::uint64_t end_;
  bool is_deleted_;
  std::shared_ptr<const MappedFile> file_;
  std::optional<ElfFile> elf_;
};

/// In the order of their addresses; not open yet.
std::vector<Module> modules_of(const TargetProcess& target);

}  // namespace ouro::python::attach
