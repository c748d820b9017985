// An ELF file of the target on disk: symbols and bytes of its code, by the addresses of the file.
//
// Bytes of a file are not trusted: what does not lie in the file is not there.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/mapped_file.hpp"

namespace ouro::python::attach {

/// The bytes of an ELF file for x86-64, wherever they are from.
class ElfFile {
 public:
  /// Nothing where they are something else. The bytes are to outlive it.
  static std::optional<ElfFile> parse(std::span<const std::byte> bytes);

  std::span<const std::byte> bytes() const { return bytes_; }
  std::span<const Elf64_Phdr> segments() const { return segments_; }

  /// Addresses of the names in their order, 0 for what the file does not define.
  std::vector<std::uint64_t> addresses_of(std::span<const std::string_view> names) const;
  std::uint64_t address_of(std::string_view name) const;

  /// Of the first such bytes in its code; 0: there are none.
  std::uint64_t find_code(std::span<const std::uint8_t> bytes) const;
  /// Where its first page is to be, of all that is loaded.
  std::uint64_t first_address() const;

 private:
  /// `count` structures at the offset; empty where they do not lie in the file.
  template <class Structure>
  std::span<const Structure> table(std::uint64_t offset, std::uint64_t count) const;

  std::span<const std::byte> bytes_;
  std::span<const Elf64_Phdr> segments_;
  std::span<const Elf64_Shdr> sections_;
};

}  // namespace ouro::python::attach
