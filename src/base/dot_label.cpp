#include "base/dot_label.hpp"

#include "base/utf8.hpp"

namespace ouro {

namespace {

/// What stands for a character that cannot stand for itself; empty for all others.
std::string_view entity_for(char c) noexcept {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    // Two of them, since one would begin an escape sequence even when written like this.
    case '\\':
      return "&#92;&#92;";
    default:
      return {};
  }
}

}  // namespace

std::string escape_label(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    const std::string_view entity = entity_for(c);
    if (entity.empty()) {
      escaped += c;
    } else {
      escaped += entity;
    }
  }
  return escaped;
}

std::string small_label_line(std::string_view text, std::string_view colour) {
  std::string line = "<br/><font point-size=\"9\" color=\"";
  return line.append(colour).append("\">").append(text).append("</font>");
}

}  // namespace ouro
