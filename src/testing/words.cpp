#include "testing/words.hpp"

#include <algorithm>

namespace ouro::testing {

namespace {

/// Types shown; the first mostly hold the others.
constexpr std::size_t kMostRows = 10;

std::string padded(const std::string& text, std::size_t width) {
  std::string line = text;
  if (line.size() < width) line.append(width - line.size(), ' ');
  return line;
}

/// Nothing where it is not known.
std::string size_of(const LeftAlive& row) {
  return row.bytes == 0 ? "" : counted(row.bytes, "byte") + "  ";
}

std::string place_of(const LeftAlive& row) {
  if (row.held_by.empty()) return "(held by nothing that has a name here)";
  std::string text = row.held_by.front();
  for (std::size_t at = 1; at < row.held_by.size(); ++at) text.append(", ").append(row.held_by[at]);
  return text;
}

}  // namespace

std::string with_separators(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string counted(std::size_t number, std::string_view what) {
  std::string text = with_separators(number);
  text.append(" ").append(what);
  if (number != 1) text.append("s");
  return text;
}

std::string table_of(const std::vector<LeftAlive>& alive) {
  const std::size_t shown = std::min(alive.size(), kMostRows);
  std::size_t widest_count = 0;
  std::size_t widest_type = 0;
  std::size_t widest_size = 0;
  for (std::size_t at = 0; at < shown; ++at) {
    widest_count = std::max(widest_count, with_separators(alive[at].objects).size());
    widest_type = std::max(widest_type, alive[at].type.size());
    widest_size = std::max(widest_size, size_of(alive[at]).size());
  }
  std::string text;
  for (std::size_t at = 0; at < shown; ++at) {
    const LeftAlive& row = alive[at];
    const std::string count = with_separators(row.objects);
    text.append(2 + widest_count - count.size(), ' ').append(count).append(" ");
    text.append(padded(row.type, widest_type)).append("  ");
    text.append(padded(size_of(row), widest_size));
    text.append(place_of(row)).append("\n");
  }
  if (shown < alive.size()) {
    text.append("  and ").append(counted(alive.size() - shown, "type")).append(" more\n");
  }
  return text;
}

std::string lines_of(const std::vector<CyclesLeft>& cycles, std::string_view indent) {
  std::string text;
  for (const CyclesLeft& shape : cycles) {
    text.append(indent).append(counted(shape.groups, "group")).append(", ");
    text.append(counted(shape.objects, "object")).append(": ").append(shape.shape);
    text.append("  make weak: ").append(shape.make_weak).append("\n");
  }
  return text;
}

std::string to_string(const Leaks& leaks) {
  std::string text;
  if (!leaks.alive.empty()) text = "still alive:\n" + table_of(leaks.alive);
  if (!leaks.cycles.empty()) {
    text += "found by the collector, in cycles:\n" + lines_of(leaks.cycles, "  ");
  }
  return text;
}

}  // namespace ouro::testing
