// What the walker needs of the interpreter, by name: found by whoever loads it (the injector in the
// target's ELF files, a test by dlsym) and given as a table of addresses in this order.
#pragma once

#include <cstdint>

// OURO_PYTHON_SYMBOLS(REQUIRED, OPTIONAL): each is called with the symbol's name.
#define OURO_PYTHON_SYMBOLS(REQUIRED, OPTIONAL) \
  REQUIRED(Py_GetVersion)                       \
  REQUIRED(PyType_Type)                         \
  OPTIONAL(_PyRuntime)

namespace ouro::python::walker {

/// The table: 0 for an optional symbol the interpreter does not have.
struct PythonSymbols {
#define OURO_FIELD(name) std::uint64_t name;
  OURO_PYTHON_SYMBOLS(OURO_FIELD, OURO_FIELD)
#undef OURO_FIELD
};

inline constexpr const char* kPythonSymbolNames[] = {
#define OURO_NAME(name) #name,
    OURO_PYTHON_SYMBOLS(OURO_NAME, OURO_NAME)
#undef OURO_NAME
};
inline constexpr bool kPythonSymbolIsRequired[] = {
#define OURO_REQUIRED(name) true,
#define OURO_OPTIONAL(name) false,
    OURO_PYTHON_SYMBOLS(OURO_REQUIRED, OURO_OPTIONAL)
#undef OURO_REQUIRED
#undef OURO_OPTIONAL
};
inline constexpr std::uint32_t kPythonSymbolCount =
    sizeof(kPythonSymbolNames) / sizeof(*kPythonSymbolNames);

}  // namespace ouro::python::walker
