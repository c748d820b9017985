// A table of text that fits a width: as wide as it needs to be, and where that is too wide, the
// columns that may shrink do, with "…" in the middle of what does not fit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ouro::report {

/// No limit: for output that goes to a file or another program.
inline constexpr std::size_t kAnyWidth = static_cast<std::size_t>(-1);

enum class Align { kLeft, kRight };
enum class Shrink { kNever, kWhenNeeded };

struct TableColumn {
  std::string title;
  Align align = Align::kRight;
  Shrink shrink = Shrink::kNever;
};

class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  /// Precondition: a cell for each column. What would break a line or command a terminal is shown
  /// as U+FFFD: names and previews come from other programs' memory.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  /// Lines that end with a line break; no trailing blanks. `width` is in characters.
  std::string to_text(std::size_t width = kAnyWidth) const;

 private:
  std::vector<std::size_t> widths_within(std::size_t width) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// How many characters a terminal shows, taking each code point of UTF-8 for one.
std::size_t width_of(std::string_view text);

/// The text, or its beginning and end with "…" between them. Never cuts a code point.
std::string shortened(std::string_view text, std::size_t width);

/// Sentences as lines of at most `width` characters, broken at blanks, each with the indentation
/// before it. Ends with a line break.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indentation = {});

}  // namespace ouro::report
