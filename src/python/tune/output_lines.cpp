#include "python/tune/output_lines.hpp"

#include <charconv>
#include <cmath>

namespace ouro::python::tune {

namespace {

constexpr std::size_t kMostOfLine = 4096;
constexpr std::size_t kMostKept = 8192;
constexpr std::string_view kMark = "ouro: ";

}  // namespace

void OutputLines::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (line_.size() < kMostOfLine) line_ += part.substr(0, kMostOfLine - line_.size());
    if (end == std::string_view::npos) return;
    take(line_);
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
}

void OutputLines::end() {
  if (!line_.empty()) take(line_);
  line_.clear();
}

void OutputLines::take(std::string_view line) {
  last_ += line;
  last_ += '\n';
  if (last_.size() > 2 * kMostKept) last_.erase(0, last_.size() - kMostKept);
  if (!wanted_.empty() && line.find(wanted_) != std::string_view::npos) has_wanted_ = true;
  if (!line.starts_with(kMark)) return;
  line.remove_prefix(kMark.size());
  double number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return;
  std::string_view unit = line.substr(static_cast<std::size_t>(end - line.data()));
  if (!unit.starts_with(' ')) return;
  unit.remove_prefix(1);
  unit = unit.substr(0, unit.find_first_of(" \r\t"));
  if (unit.empty() || (!unit_.empty() && unit != unit_)) return;
  unit_ = unit;
  units_ += number;
}

}  // namespace ouro::python::tune
