#include "capture/elf_symbols.hpp"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/mapped_file.hpp"

namespace ouro::capture {

namespace {

/// Reads records out of a file's bytes; nothing where they would lie outside.
class ElfFile {
 public:
  explicit ElfFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class Record>
  std::optional<Record> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || sizeof(Record) > bytes_.size() - offset) return std::nullopt;
    Record record;
    std::memcpy(&record, bytes_.data() + offset, sizeof(Record));
    return record;
  }

  std::string_view string_at(const Elf64_Shdr& strings, std::uint64_t offset) const {
    if (strings.sh_offset > bytes_.size() || strings.sh_size > bytes_.size() - strings.sh_offset) {
      return {};
    }
    if (offset >= strings.sh_size) return {};
    const char* const begin =
        reinterpret_cast<const char*>(bytes_.data()) + strings.sh_offset + offset;
    return {begin, strnlen(begin, strings.sh_size - offset)};
  }

  std::optional<Elf64_Shdr> section(const Elf64_Ehdr& header, std::uint32_t index) const {
    return at<Elf64_Shdr>(header.e_shoff + std::uint64_t{index} * sizeof(Elf64_Shdr));
  }

 private:
  std::span<const std::byte> bytes_;
};

std::string demangled(std::string_view symbol) {
  const std::string mangled(symbol);
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : mangled;
}

/// Guards of local statics, tables of virtual functions: nobody's variables.
bool is_of_the_compiler(std::string_view symbol) {
  constexpr std::string_view kPrefixes[] = {"_ZGV", "_ZTV", "_ZTI", "_ZTS", "_ZTT"};
  return std::ranges::any_of(kPrefixes, [&](auto prefix) { return symbol.starts_with(prefix); });
}

void add_symbols(const ElfFile& file, const Elf64_Ehdr& header, const Elf64_Shdr& table,
                 std::vector<Variable>& variables) {
  const auto strings = file.section(header, table.sh_link);
  if (!strings) return;
  for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.sh_size; at += sizeof(Elf64_Sym)) {
    const auto symbol = file.at<Elf64_Sym>(table.sh_offset + at);
    if (!symbol) return;
    const bool is_variable = ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT &&
                             symbol->st_shndx != SHN_UNDEF && symbol->st_size >= sizeof(void*);
    if (!is_variable) continue;
    const std::string_view name = file.string_at(*strings, symbol->st_name);
    if (name.empty() || is_of_the_compiler(name)) continue;
    variables.push_back({symbol->st_value, symbol->st_size, std::string(name)});
  }
}

}  // namespace

std::vector<Variable> variables_of(const std::string& path) {
  const auto mapped = MappedFile::open(path);
  if (!mapped) return {};
  const ElfFile file((*mapped)->bytes());
  const auto header = file.at<Elf64_Ehdr>(0);
  const bool is_elf = header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
                      header->e_ident[EI_CLASS] == ELFCLASS64;
  if (!is_elf) return {};
  std::vector<Variable> variables;
  for (const Elf64_Word wanted : {Elf64_Word{SHT_SYMTAB}, Elf64_Word{SHT_DYNSYM}}) {
    for (std::uint32_t at = 0; at < header->e_shnum; ++at) {
      const auto section = file.section(*header, at);
      if (section && section->sh_type == wanted) add_symbols(file, *header, *section, variables);
    }
    if (!variables.empty()) break;  // the full table has what is exported as well
  }
  std::ranges::sort(variables, {}, &Variable::address);
  for (Variable& variable : variables) variable.name = demangled(variable.name);
  return variables;
}

}  // namespace ouro::capture
