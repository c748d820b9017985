#include "report/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/utf8.hpp"

namespace ouro::report {

namespace {

constexpr std::string_view kBetween = "  ";
constexpr std::size_t kNarrowest = 8;

bool continues_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// The first `count` code points.
std::string_view first_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && (count > 0 || continues_code_point(text[at]))) {
    if (!continues_code_point(text[at])) --count;
    ++at;
  }
  return text.substr(0, at);
}

std::string_view last_of(std::string_view text, std::size_t count) {
  std::size_t at = text.size();
  while (at > 0 && count > 0) {
    --at;
    if (!continues_code_point(text[at])) --count;
  }
  return text.substr(at);
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_code_point));
}

std::string shortened(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  if (width == 0) return {};
  const std::size_t kept = width - 1;
  const std::size_t head = kept - kept / 2;
  return std::string(first_of(text, head)) + "…" + std::string(last_of(text, kept / 2));
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indentation) {
  std::string out(indentation);
  std::size_t used = indentation.size();
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool has_room = width == kAnyWidth || used + 1 + width_of(word) <= width;
    if (!is_first && !has_room) {
      out.append("\n").append(indentation);
      used = indentation.size();
    } else if (!is_first) {
      out += ' ';
      ++used;
    }
    out += word;
    used += width_of(word);
    is_first = false;
  }
  return out + '\n';
}

void Table::add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths_within(std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    std::size_t widest = width_of(columns_[column].title);
    for (const auto& row : rows_) widest = std::max(widest, width_of(row[column]));
    widths.push_back(widest);
  }
  const std::size_t gaps = columns_.empty() ? 0 : (columns_.size() - 1) * kBetween.size();
  const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), gaps); };
  // The widest that may gives way, one character at a time: the others keep what they need.
  while (total() > width) {
    std::size_t* widest = nullptr;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (columns_[column].shrink == Shrink::kNever || widths[column] <= kNarrowest) continue;
      if (widest == nullptr || widths[column] > *widest) widest = &widths[column];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

std::string Table::to_text(std::size_t width) const {
  const std::vector<std::size_t> widths = widths_within(width);
  std::string text;
  const auto add_line = [&](auto cell_of) {
    std::string line;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const std::string cell = shortened(cell_of(column), widths[column]);
      const std::string padding(widths[column] - width_of(cell), ' ');
      if (column > 0) line += kBetween;
      line += columns_[column].align == Align::kLeft ? cell + padding : padding + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  const bool has_titles = std::ranges::any_of(
      columns_, [](const TableColumn& column) { return !column.title.empty(); });
  if (has_titles) add_line([&](std::size_t column) { return columns_[column].title; });
  for (const auto& row : rows_) add_line([&](std::size_t column) { return row[column]; });
  return text;
}

}  // namespace ouro::report
