// A str by its layout.
//
//   up to 3.11 (3.12 took wstr and its length out)
//   +16 length  +24 hash  +32 state u32  +40 wstr                                <- ascii: 48 bytes
//   +48 utf8_length  +56 utf8  +64 wstr_length                                   <- compact: 72
//   +72 data                                                                     <- subclasses: 80
//
//   state: interned 2 bits (8 where free-threaded from 3.14), kind 3, compact 1, ascii 1, ready 1
//   kind: bytes of a character, 1, 2 or 4; 0: only wstr (up to 3.11, old C code)
#pragma once

#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct Str {
  std::int64_t length;
  int kind;
  bool is_compact;
  bool is_ascii;
  bool is_interned;
  const char* data;  ///< null: only wstr
};

inline Str read_str(const Object* object) {
  const auto state = load<std::uint32_t>(object, 32 + layout.header);
  const std::uint32_t shifted = state >> layout.str_state_shift;
  Str str;
  str.length = size_field(object);
  str.kind = static_cast<int>(shifted & 7);
  str.is_compact = (shifted >> 3 & 1) != 0;
  str.is_ascii = (shifted >> 4 & 1) != 0;
  str.is_interned = (state & ((1u << layout.str_state_shift) - 1)) != 0;
  const char* base = reinterpret_cast<const char*>(object);
  if (str.is_compact) {
    str.data = base + (str.is_ascii ? layout.ascii_size : layout.compact_size);
  } else {
    str.data = str.kind == 0 ? nullptr : load<const char*>(base, layout.compact_size);
  }
  return str;
}

inline std::uint32_t character_at(const Str& str, std::int64_t at) {
  if (str.kind == 1) return load<std::uint8_t>(str.data, at);
  if (str.kind == 2) return load<std::uint16_t>(str.data, 2 * at);
  return load<std::uint32_t>(str.data, 4 * at);
}

/// Whether a str has just this text, of ASCII.
bool is_text(const Object* object, const char* text);

/// Writes at most `most` characters as UTF-8 to `to`, at most 4 bytes each. Gives the bytes.
std::uint32_t write_utf8(const Str& str, std::int64_t most, char* to);

/// sys.getsizeof without what lies before the object.
std::int64_t str_size(const Object* object);

}  // namespace ouro::python::walker
