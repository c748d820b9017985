#include "python/attach/elf_file.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace ouro::python::attach {

namespace {

constexpr std::uint64_t kPageMask = 0xFFF;

/// The part of the bytes, as much of it as there is.
std::span<const std::byte> part_of(std::span<const std::byte> bytes, std::uint64_t offset,
                                   std::uint64_t size) {
  if (offset >= bytes.size()) return {};
  return bytes.subspan(offset, std::min<std::uint64_t>(size, bytes.size() - offset));
}

/// The text up to a zero; what has none is no name.
std::string_view name_at(std::span<const std::byte> strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const char* begin = reinterpret_cast<const char*>(strings.data()) + offset;
  const void* end = std::memchr(begin, 0, strings.size() - offset);
  if (end == nullptr) return {};
  return {begin, static_cast<std::size_t>(static_cast<const char*>(end) - begin)};
}

bool is_defined(const Elf64_Sym& symbol) {
  return symbol.st_value != 0 && symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS &&
         ELF64_ST_TYPE(symbol.st_info) != STT_TLS;
}

}  // namespace

template <class Structure>
std::span<const Structure> ElfFile::table(std::uint64_t offset, std::uint64_t count) const {
  const auto bytes = part_of(bytes_, offset, count * sizeof(Structure));
  if (count > bytes_.size() || bytes.size() != count * sizeof(Structure) ||
      offset % alignof(Structure) != 0) {
    return {};
  }
  return {reinterpret_cast<const Structure*>(bytes.data()), count};
}

std::optional<ElfFile> ElfFile::parse(std::span<const std::byte> bytes) {
  Elf64_Ehdr header;
  if (bytes.size() < sizeof(header)) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_machine != EM_X86_64 || header.e_phentsize != sizeof(Elf64_Phdr)) {
    return std::nullopt;
  }
  ElfFile file;
  file.bytes_ = bytes;
  file.segments_ = file.table<Elf64_Phdr>(header.e_phoff, header.e_phnum);
  if (header.e_shentsize == sizeof(Elf64_Shdr)) {
    file.sections_ = file.table<Elf64_Shdr>(header.e_shoff, header.e_shnum);
  }
  return file;
}

std::vector<std::uint64_t> ElfFile::addresses_of(std::span<const std::string_view> names) const {
  std::vector<std::uint64_t> addresses(names.size());
  std::unordered_map<std::string_view, std::size_t> index_by_name;
  for (std::size_t i = 0; i < names.size(); ++i) index_by_name.emplace(names[i], i);
  // What is exported first: a local symbol of the name may be something else.
  for (const std::uint32_t kind : {std::uint32_t{SHT_DYNSYM}, std::uint32_t{SHT_SYMTAB}}) {
    for (const Elf64_Shdr& section : sections_) {
      if (section.sh_type != kind || section.sh_link >= sections_.size()) continue;
      const Elf64_Shdr& names_section = sections_[section.sh_link];
      const auto strings = part_of(bytes_, names_section.sh_offset, names_section.sh_size);
      for (const Elf64_Sym& symbol :
           table<Elf64_Sym>(section.sh_offset, section.sh_size / sizeof(Elf64_Sym))) {
        if (!is_defined(symbol)) continue;
        const auto found = index_by_name.find(name_at(strings, symbol.st_name));
        if (found == index_by_name.end() || addresses[found->second] != 0) continue;
        addresses[found->second] = symbol.st_value;
      }
    }
  }
  return addresses;
}

std::uint64_t ElfFile::address_of(std::string_view name) const {
  return addresses_of(std::span(&name, 1)).front();
}

std::uint64_t ElfFile::find_code(std::span<const std::uint8_t> bytes) const {
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const auto code = part_of(bytes_, segment.p_offset, segment.p_filesz);
    const auto found = std::ranges::search(
        code, bytes, [](std::byte a, std::uint8_t b) { return a == std::byte{b}; });
    if (!found.empty()) {
      return segment.p_vaddr + static_cast<std::uint64_t>(found.begin() - code.begin());
    }
  }
  return 0;
}

std::uint64_t ElfFile::first_address() const {
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type == PT_LOAD) return segment.p_vaddr & ~kPageMask;
  }
  return 0;
}

}  // namespace ouro::python::attach
