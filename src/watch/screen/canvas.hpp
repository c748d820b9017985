// A screen as data: characters with a style each, so that what is drawn can be tested, and shown by
// whatever draws on terminals.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ouro::watch {

enum class Style : unsigned char {
  kPlain,
  kDim,
  kBold,
  kTitle,  ///< the bar at the top
  kKeys,   ///< the bar at the bottom
  kRss,
  kUss,
  kPss,
  kGrows,
  kFalls,
  kWarning,
};

struct Cell {
  char32_t glyph = U' ';  ///< 0: the right half of the glyph before
  Style style = Style::kPlain;
};

enum class Glyphs { kAscii, kUnicode };

class Canvas {
 public:
  Canvas(std::size_t rows, std::size_t columns, Glyphs glyphs)
      : rows_(rows), columns_(columns), glyphs_(glyphs), cells_(rows * columns) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  bool is_ascii() const { return glyphs_ == Glyphs::kAscii; }
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * columns_ + column];
  }

  /// Outside of the canvas nothing is drawn. In ASCII what is not becomes '?'.
  void set(std::size_t row, std::size_t column, char32_t glyph, Style style = Style::kPlain);
  /// UTF-8, cut at the canvas's edge or after `most` columns. Gives the column behind it.
  std::size_t put(std::size_t row, std::size_t column, std::string_view text,
                  Style style = Style::kPlain, std::size_t most = static_cast<std::size_t>(-1));
  /// The text ends before `end`.
  void put_right(std::size_t row, std::size_t end, std::string_view text,
                 Style style = Style::kPlain);
  void fill_row(std::size_t row, Style style);

  /// Lines of UTF-8 without blanks at their ends.
  std::string to_text() const;

 private:
  std::size_t rows_;
  std::size_t columns_;
  Glyphs glyphs_;
  std::vector<Cell> cells_;
};

/// Columns a terminal needs for it.
std::size_t columns_of(std::string_view text);

}  // namespace ouro::watch
