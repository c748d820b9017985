// The names of a program's global variables, from the symbol table of its file (ELF, 64 bits).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ouro::capture {

struct Variable {
  std::uint64_t address;  ///< as the file says: the place it is loaded at comes on top
  std::uint64_t bytes;
  std::string name;  ///< demangled
};

/// The variables of a program or library that have a size, by address. Empty for a file that cannot
/// be read or was stripped; then only what it exports has names.
std::vector<Variable> variables_of(const std::string& path);

}  // namespace ouro::capture
