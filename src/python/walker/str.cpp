#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

std::uint32_t write_character(std::uint32_t character, char* to) {
  const auto put = [&](int at, std::uint32_t byte) { to[at] = static_cast<char>(byte); };
  if (character < 0x80) {
    put(0, character);
    return 1;
  }
  if (character < 0x800) {
    put(0, 0xC0 | character >> 6);
    put(1, 0x80 | (character & 0x3F));
    return 2;
  }
  if (character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) {
    character = kReplacement;
  }
  if (character < 0x10000) {
    put(0, 0xE0 | character >> 12);
    put(1, 0x80 | (character >> 6 & 0x3F));
    put(2, 0x80 | (character & 0x3F));
    return 3;
  }
  put(0, 0xF0 | character >> 18);
  put(1, 0x80 | (character >> 12 & 0x3F));
  put(2, 0x80 | (character >> 6 & 0x3F));
  put(3, 0x80 | (character & 0x3F));
  return 4;
}

}  // namespace

bool is_text(const Object* object, const char* text) {
  const Str str = read_str(object);
  std::int64_t length = 0;
  while (text[length] != 0) ++length;
  if (str.length != length || str.data == nullptr || !str.is_ascii) return false;
  return __builtin_memcmp(str.data, text, static_cast<std::size_t>(length)) == 0;
}

std::uint32_t write_utf8(const Str& str, std::int64_t most, char* to) {
  if (str.data == nullptr) return 0;
  const std::int64_t count = str.length < most ? str.length : most;
  if (str.is_ascii) {
    for (std::int64_t at = 0; at < count; ++at) to[at] = str.data[at];
    return static_cast<std::uint32_t>(count);
  }
  std::uint32_t bytes = 0;
  for (std::int64_t at = 0; at < count; ++at) {
    bytes += write_character(character_at(str, at), to + bytes);
  }
  return bytes;
}

// unicode_sizeof() of Objects/unicodeobject.c.
std::int64_t str_size(const Object* object) {
  const Str str = read_str(object);
  std::int64_t size;
  if (str.is_compact && str.is_ascii) {
    size = layout.ascii_size + str.length + 1;
  } else if (str.is_compact) {
    size = layout.compact_size + (str.length + 1) * str.kind;
  } else {
    size = layout.compact_size + 8;
    if (str.data != nullptr) size += (str.length + 1) * str.kind;
  }
  if (layout.minor <= 11) {
    const auto* wide = load<const char*>(object, 40);
    const std::int64_t wide_length =
        str.is_compact && str.is_ascii ? str.length : load<std::int64_t>(object, 64);
    if (wide != nullptr && wide != str.data) size += (wide_length + 1) * 4;
  }
  if (!(str.is_compact && str.is_ascii)) {
    const auto* utf8 = load<const char*>(object, layout.utf8);
    if (utf8 != nullptr && utf8 != str.data) {
      size += load<std::int64_t>(object, layout.utf8_length) + 1;
    }
  }
  return size;
}

}  // namespace ouro::python::walker
