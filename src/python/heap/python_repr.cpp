#include "python/heap/python_repr.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <vector>

#include "base/utf8.hpp"

namespace ouro::python::heap {

namespace {

void append_hexadecimal(std::string& text, char32_t value, unsigned digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (unsigned at = digits; at-- > 0;) text += kDigits[(value >> (4 * at)) & 0xF];
}

/// Single quotes, unless there are some in the text and no double ones.
char quote_for(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  return has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
}

/// Quote, backslash and the three escapes with a letter; false: something else.
bool append_escaped(std::string& text, char character, char quote) {
  if (character == quote || character == '\\') {
    text += '\\';
    text += character;
  } else if (character == '\n') {
    text += "\\n";
  } else if (character == '\r') {
    text += "\\r";
  } else if (character == '\t') {
    text += "\\t";
  } else {
    return false;
  }
  return true;
}

/// Precondition: `character` is one whole UTF-8 character.
char32_t code_point_of(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  char32_t code_point = first & (0x7Fu >> character.size());
  for (const char byte : character.substr(1)) {
    code_point = code_point << 6 | (static_cast<unsigned char>(byte) & 0x3Fu);
  }
  return code_point;
}

void append_code_point(std::string& text, std::string_view character) {
  const char32_t code_point = code_point_of(character);
  if (is_printable(code_point)) {
    text += character;
  } else if (code_point <= 0xFF) {
    text += "\\x";
    append_hexadecimal(text, code_point, 2);
  } else if (code_point <= 0xFFFF) {
    text += "\\u";
    append_hexadecimal(text, code_point, 4);
  } else {
    text += "\\U";
    append_hexadecimal(text, code_point, 8);
  }
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char character) {
    return character >= 0x20 && character < 0x7F && character != '\'' && character != '\\';
  });
}

}  // namespace

std::string repr_of_str(std::string_view utf8) {
  std::string text;
  text.reserve(utf8.size() + 2);
  if (is_plain_ascii(utf8)) {  // nearly all are
    text += '\'';
    text += utf8;
    text += '\'';
    return text;
  }
  const char quote = quote_for(utf8);
  text += quote;
  while (!utf8.empty()) {
    const std::size_t length = utf8_length(utf8);
    if (length == 0) {
      text += "\uFFFD";
      utf8.remove_prefix(1);
      continue;
    }
    if (!append_escaped(text, utf8.front(), quote)) append_code_point(text, utf8.substr(0, length));
    utf8.remove_prefix(length);
  }
  return text += quote;
}

std::string repr_of_bytes(std::string_view bytes) {
  const char quote = quote_for(bytes);
  std::string text{'b', quote};
  for (const char character : bytes) {
    if (append_escaped(text, character, quote)) continue;
    if (character >= 0x20 && character < 0x7F) {
      text += character;
    } else {
      text += "\\x";
      append_hexadecimal(text, static_cast<unsigned char>(character), 2);
    }
  }
  return text += quote;
}

// The digits are the shortest that are read back as the number, as Python's are; the form is that
// of its format code 'r': with an exponent below 1e-4 and from 1e16 on, which has two digits or
// more.
std::string repr_of_float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 40> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::scientific);
  std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  if (error != std::errc()) return "nan";
  std::string text;
  if (scientific.front() == '-') {
    text = "-";
    scientific.remove_prefix(1);
  }
  const std::size_t letter = scientific.find('e');
  int exponent = 0;
  const std::size_t sign = scientific[letter + 1] == '+' ? 1 : 0;  // from_chars reads no plus
  std::from_chars(scientific.data() + letter + 1 + sign, scientific.data() + scientific.size(),
                  exponent);
  constexpr int kLeastExponent = -4;
  constexpr int kMostExponent = 15;
  if (exponent < kLeastExponent || exponent > kMostExponent) return text.append(scientific);
  // The digits without the point.
  std::array<char, 40> digits;
  digits[0] = scientific[0];
  const std::size_t behind_point = letter > 2 ? letter - 2 : 0;
  if (behind_point != 0) std::memcpy(digits.data() + 1, scientific.data() + 2, behind_point);
  const std::size_t count = 1 + behind_point;
  const auto whole = static_cast<std::size_t>(std::max(exponent + 1, 0));  // digits before a point
  text.reserve(text.size() + count + static_cast<std::size_t>(std::abs(exponent)) + 3);
  if (exponent < 0) {
    text.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0');
    text.append(digits.data(), count);
  } else if (whole >= count) {
    text.append(digits.data(), count).append(whole - count, '0').append(".0");
  } else {
    text.append(digits.data(), whole).append(1, '.').append(digits.data() + whole, count - whole);
  }
  return text;
}

namespace {

/// In a complex number whole parts stand without ".0".
std::string part_of_complex(double value) {
  std::string text = repr_of_float(value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

}  // namespace

std::string repr_of_complex(double real, double imaginary) {
  const std::string imaginary_text = part_of_complex(imaginary) + 'j';
  if (real == 0 && !std::signbit(real)) return imaginary_text;
  std::string text(1, '(');
  text += part_of_complex(real);
  if (imaginary_text.front() != '-') text += '+';
  return text + imaginary_text + ')';
}

namespace {

std::string repr_of_word(bool is_negative, std::span<const std::uint8_t> magnitude) {
  std::uint64_t word = 0;
  for (std::size_t at = magnitude.size(); at-- > 0;) word = word << 8 | magnitude[at];
  std::array<char, 24> buffer;
  buffer[0] = '-';
  char* const digits = buffer.data() + (is_negative && word != 0 ? 1 : 0);
  const char* const end = std::to_chars(digits, buffer.data() + buffer.size(), word).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

// More than a word: divides by 10^9 until nothing is left; the remainders are the digits, nine at a
// time. Quadratic; the reader takes 64 bytes at most.
std::string repr_of_int(bool is_negative, std::span<const std::uint8_t> magnitude) {
  if (magnitude.size() <= sizeof(std::uint64_t)) return repr_of_word(is_negative, magnitude);
  constexpr std::uint32_t kBase = 1'000'000'000;
  constexpr std::size_t kDigits = 9;
  std::vector<std::uint32_t> words((magnitude.size() + 3) / 4, 0);  // the lowest first
  for (std::size_t at = 0; at < magnitude.size(); ++at) {
    words[at / 4] |= std::uint32_t{magnitude[at]} << (8 * (at % 4));
  }
  std::string reversed;
  while (!words.empty() && words.back() == 0) words.pop_back();
  while (!words.empty()) {
    std::uint64_t remainder = 0;
    for (std::size_t at = words.size(); at-- > 0;) {
      const std::uint64_t dividend = remainder << 32 | words[at];
      words[at] = static_cast<std::uint32_t>(dividend / kBase);
      remainder = dividend % kBase;
    }
    while (!words.empty() && words.back() == 0) words.pop_back();
    for (std::size_t digit = 0; digit < kDigits; ++digit, remainder /= 10) {
      reversed += static_cast<char>('0' + remainder % 10);
    }
  }
  while (!reversed.empty() && reversed.back() == '0') reversed.pop_back();
  if (reversed.empty()) return "0";
  if (is_negative) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace ouro::python::heap
