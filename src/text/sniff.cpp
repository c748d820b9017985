#include "text/sniff.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>

namespace ouro::text {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Behind the next `end`, or at the end of the text.
std::string_view behind(std::string_view text, std::string_view end) {
  const std::size_t at = text.find(end);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + end.size());
}

std::string_view without_blanks_and_comments(std::string_view text) {
  for (;;) {
    if (!text.empty() && is_blank(text[0])) {
      text.remove_prefix(1);
    } else if (text.starts_with('#') || text.starts_with("//")) {
      text = behind(text, "\n");
    } else if (text.starts_with("/*")) {
      text = behind(text, "*/");
    } else {
      return text;
    }
  }
}

std::string take_word(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_word);
  std::string word(text.begin(), end);
  text.remove_prefix(word.size());
  std::ranges::transform(word, word.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  text = without_blanks_and_comments(text);
  return word;
}

bool is_dot(std::string_view text) {
  text = without_blanks_and_comments(text);
  std::string word = take_word(text);
  if (word == "strict") word = take_word(text);
  if (word != "graph" && word != "digraph") return false;
  // A quoted name or one in HTML begins no name of an edge list that anybody means.
  if (text.starts_with('"') || text.starts_with('<')) return true;
  take_word(text);
  return text.starts_with('{');
}

}  // namespace

GraphFormat sniff(std::string_view first_bytes) {
  if (first_bytes.starts_with("OURO")) return GraphFormat::kOuro;
  if (first_bytes.starts_with("\xEF\xBB\xBF")) first_bytes.remove_prefix(3);
  return is_dot(first_bytes) ? GraphFormat::kDot : GraphFormat::kEdgeList;
}

}  // namespace ouro::text
