#include "text/quote.hpp"

#include <cstddef>

namespace ouro::text {
namespace {

constexpr std::size_t kMostBytes = 60;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
}

void append_escaped(std::string& out, char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  if (byte == '\t') {
    out += "\\t";
  } else if (value < 0x20 || value == 0x7F) {
    out += "\\x";
    out += kDigits[value >> 4];
    out += kDigits[value & 15];
  } else {
    out += byte;
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  std::size_t end = text.size();
  if (end > kMostBytes) {
    end = kMostBytes;
    while (end > 0 && continues_character(text[end])) --end;
  }
  std::string out = "\"";
  for (const char byte : text.substr(0, end)) append_escaped(out, byte);
  out += end < text.size() ? "...\"" : "\"";
  return out;
}

}  // namespace ouro::text
