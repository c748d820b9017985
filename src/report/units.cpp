#include "report/units.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace ouro::report {

namespace {

std::string with_digits(double value, int decimals) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::uint64_t magnitude(std::int64_t number) {
  return number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
}

std::string with_sign(std::int64_t number, const std::string& text) {
  std::string out(1, number < 0 ? '-' : '+');
  out += text;
  return out;
}

}  // namespace

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string signed_number(std::int64_t number) {
  if (number == 0) return "0";
  return with_sign(number, with_separators(magnitude(number)));
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return with_digits(value, 1) + ' ' + std::string(kUnits[unit]);
}

std::string signed_bytes(std::int64_t bytes) {
  if (bytes == 0) return "0 B";
  return with_sign(bytes, format_bytes(magnitude(bytes)));
}

std::string percentage(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  const int decimals = percent >= 99.95 || percent == 0 ? 0 : percent >= 0.1 ? 1 : 2;
  return with_digits(percent, decimals) + " %";
}

std::string counted(std::uint64_t number, const std::string& noun) {
  return with_separators(number) + ' ' + noun + (number == 1 ? "" : "s");
}

const char* of_number(std::uint64_t number, const char* one, const char* many) {
  return number == 1 ? one : many;
}

}  // namespace ouro::report
