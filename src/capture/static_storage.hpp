// Which global variables refer to objects. Nobody tells: the program's writable static storage is
// read word by word, and a word that is the address of an object is taken for a reference to it. So
// is every word between the first two of three words that look like a std::vector's (begin, end,
// end of storage). A caller believes a word only as far as counts leave a reference unexplained, so
// that what is found wrongly is the name of a holder at most, never a holder too many.
//
// Cost: one pass over the static storage, and reading the symbols.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ouro::capture {

struct StaticReference {
  const void* object;
  std::uint64_t variable_address;
  std::uint64_t variable_bytes;  ///< 0 where the program was stripped of its symbols
  std::string variable;          ///< "connections"; "a variable of libgame.so" without symbols
  std::uint64_t offset;          ///< of the word, or of the vector, in the variable
  bool is_element;               ///< of a vector, at `index`
  std::uint64_t index;
};

/// In order of addresses. `is_object` says whether an address is that of an object.
std::vector<StaticReference> find_static_references(
    const std::function<bool(const void*)>& is_object);

/// The words on the calling thread's stack that are addresses of objects, each as often as it is
/// there.
std::vector<const void*> find_stack_references(const std::function<bool(const void*)>& is_object);

}  // namespace ouro::capture
