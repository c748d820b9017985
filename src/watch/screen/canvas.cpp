#include "watch/screen/canvas.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace ouro::watch {

namespace {

/// Takes the first code point off; of bytes that are none, U+FFFD for each.
char32_t take(std::string_view& text) {
  const std::size_t length = utf8_length(text);
  if (length == 0) {
    text.remove_prefix(1);
    return 0xFFFD;
  }
  constexpr std::array<unsigned, 5> kBitsOfFirst = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t glyph = static_cast<unsigned char>(text[0]) & kBitsOfFirst[length];
  for (std::size_t at = 1; at < length; ++at) {
    glyph = glyph << 6 | (static_cast<unsigned char>(text[at]) & 0x3F);
  }
  text.remove_prefix(length);
  return glyph < U' ' || glyph == 0x7F ? char32_t{0xFFFD} : glyph;
}

/// 0 for what is written above the character before, 2 for East Asian characters and pictures
/// (Unicode's East_Asian_Width, by its blocks).
std::size_t columns_of_glyph(char32_t glyph) {
  constexpr std::pair<char32_t, char32_t> kAbove[] = {
      {0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
  constexpr std::pair<char32_t, char32_t> kWide[] = {
      {0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
      {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  for (const auto& [first, last] : kAbove) {
    if (glyph >= first && glyph <= last) return 0;
  }
  for (const auto& [first, last] : kWide) {
    if (glyph >= first && glyph <= last) return 2;
  }
  return 1;
}

void append_utf8(std::string& text, char32_t glyph) {
  const auto byte = [&text](char32_t value) { text += static_cast<char>(value); };
  if (glyph < 0x80) {
    byte(glyph);
  } else if (glyph < 0x800) {
    byte(0xC0 | glyph >> 6);
    byte(0x80 | (glyph & 0x3F));
  } else if (glyph < 0x10000) {
    byte(0xE0 | glyph >> 12);
    byte(0x80 | (glyph >> 6 & 0x3F));
    byte(0x80 | (glyph & 0x3F));
  } else {
    byte(0xF0 | glyph >> 18);
    byte(0x80 | (glyph >> 12 & 0x3F));
    byte(0x80 | (glyph >> 6 & 0x3F));
    byte(0x80 | (glyph & 0x3F));
  }
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += columns_of_glyph(take(text));
  return columns;
}

void Canvas::set(std::size_t row, std::size_t column, char32_t glyph, Style style) {
  if (row >= rows_ || column >= columns_) return;
  if (is_ascii() && glyph >= 0x80) glyph = U'?';
  cells_[row * columns_ + column] = {glyph, style};
}

std::size_t Canvas::put(std::size_t row, std::size_t column, std::string_view text, Style style,
                        std::size_t most) {
  const std::size_t end = most < columns_ - std::min(column, columns_) ? column + most : columns_;
  while (!text.empty()) {
    const char32_t glyph = take(text);
    const std::size_t width = columns_of_glyph(glyph);
    if (width == 0) continue;
    if (column + width > end) break;
    set(row, column, glyph, style);
    if (width == 2 && row < rows_) cells_[row * columns_ + column + 1] = {0, style};
    column += width;
  }
  return column;
}

void Canvas::put_right(std::size_t row, std::size_t end, std::string_view text, Style style) {
  const std::size_t width = columns_of(text);
  put(row, end > width ? end - width : 0, text, style);
}

void Canvas::fill_row(std::size_t row, Style style) {
  for (std::size_t column = 0; column < columns_; ++column) set(row, column, U' ', style);
}

std::string Canvas::to_text() const {
  std::string text;
  for (std::size_t row = 0; row < rows_; ++row) {
    std::string line;
    for (std::size_t column = 0; column < columns_; ++column) {
      if (at(row, column).glyph != 0) append_utf8(line, at(row, column).glyph);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace ouro::watch
