// Ouro's version, for the preprocessor and at run time.
//
// The macros are the version of the headers a program was compiled with; ouro::version() is the
// version of the library it is linked with. They differ only when a shared library was exchanged.
// The build reads the numbers from this file, so they stand nowhere else.
#pragma once

#define OURO_VERSION_MAJOR 0
#define OURO_VERSION_MINOR 1
#define OURO_VERSION_PATCH 0

// Comparable with <: two digits a part, so 0.1.0 is 100 and 1.2.3 is 10203.
#define OURO_VERSION (OURO_VERSION_MAJOR * 10000 + OURO_VERSION_MINOR * 100 + OURO_VERSION_PATCH)

namespace ouro {

// The version of the linked library, such as "0.1.0"; valid for the life of the program.
const char* version() noexcept;

}  // namespace ouro
