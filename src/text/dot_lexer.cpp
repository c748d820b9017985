#include "text/dot_lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/quote.hpp"

namespace ouro::text {
namespace {

constexpr std::array<std::string_view, 6> kKeywords = {"strict",   "graph", "digraph",
                                                       "subgraph", "node",  "edge"};

bool is_digit(int byte) {
  return byte >= '0' && byte <= '9';
}
bool begins_word(int byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte >= 0x80;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return out;
}

}  // namespace

DotLexer::DotLexer(Input& input, Progress* progress) : input_(input), progress_(progress) {
  if (progress_ != nullptr) progress_->begin("reading", input_.total_bytes());
  if (peek() == 0xEF) {  // a byte order mark: no name begins with it
    for (int byte = 0; byte < 3 && peek() >= 0x80; ++byte) take();
    column_ = 1;
  }
}

void DotLexer::refill() {
  if (is_at_end_) return;
  const Result<std::string_view> block = input_.next();
  if (!block) failure_ = block.error();
  is_at_end_ = !block || block->empty();
  if (is_at_end_) return;
  at_ = block->data();
  end_ = at_ + block->size();
  if (progress_ != nullptr) progress_->advance(input_.bytes_done());
}

// Columns count characters: the bytes that go on with one in UTF-8 have none of their own.
int DotLexer::take() {
  const int byte = peek();
  if (byte == kEndOfInput) return byte;
  ++at_;
  if (byte == '\n') {
    ++line_;
    column_ = 1;
    is_line_start_ = true;
  } else {
    if ((byte & 0xC0) != 0x80) ++column_;
    if (byte != ' ' && byte != '\t' && byte != '\r') is_line_start_ = false;
  }
  return byte;
}

std::optional<Error> DotLexer::advance() {
  std::optional<Error> error;
  if (ahead_) {
    token_ = std::move(*ahead_);
    ahead_.reset();
  } else {
    error = lex();
  }
  if (!error && token_.is_quoted) error = join_strings();
  return failure_ ? failure_ : error;
}

// "a" + "b" is "ab".
std::optional<Error> DotLexer::join_strings() {
  for (;;) {
    DotToken joined = std::exchange(token_, {});
    std::optional<Error> error = lex();
    if (!error && token_.is("+")) {
      error = lex();
      if (!error && !token_.is_quoted) error = this->error("expected a quoted string behind '+'");
      joined.text += token_.text;
      token_ = std::move(joined);
      if (error) return error;
      continue;
    }
    ahead_ = std::exchange(token_, std::move(joined));
    return error;
  }
}

std::optional<Error> DotLexer::lex() {
  token_.text.clear();
  token_.is_quoted = false;
  if (std::optional<Error> error = skip_blanks_and_comments()) return error;
  token_.line = line_;
  token_.column = column_;
  const int byte = peek();
  token_.kind = byte == kEndOfInput ? DotTokenKind::kEnd : DotTokenKind::kName;
  if (byte == kEndOfInput) return std::nullopt;
  if (byte == '"') return lex_quoted();
  if (byte == '<') return lex_html();
  if (byte == '-') return lex_minus();
  if (is_digit(byte) || byte == '.') return lex_number();
  if (begins_word(byte)) {
    lex_word();
    return std::nullopt;
  }
  take();
  token_.kind = DotTokenKind::kSymbol;
  token_.text = static_cast<char>(byte);
  if (std::string_view("{}[]=;,:+").find(token_.text[0]) != std::string_view::npos) {
    return std::nullopt;
  }
  return error("expected a name or one of { } [ ] = ; , : -> --, found " + quoted(token_.text) +
               "; names with other characters stand in double quotes");
}

std::optional<Error> DotLexer::skip_blanks_and_comments() {
  for (;;) {
    const int byte = peek();
    if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
      take();
    } else if (byte == '#' && is_line_start_) {
      while (peek() != '\n' && peek() != kEndOfInput) take();
    } else if (byte == '/') {
      if (std::optional<Error> error = skip_slash_comment()) return error;
    } else {
      return std::nullopt;
    }
  }
}

std::optional<Error> DotLexer::skip_slash_comment() {
  token_.line = line_;
  token_.column = column_;
  take();
  const int second = take();
  if (second == '/') {
    while (peek() != '\n' && peek() != kEndOfInput) take();
    return std::nullopt;
  }
  if (second != '*') return error("expected // or /* for a comment, found '/' alone");
  for (int before = 0;;) {
    const int byte = take();
    if (byte == kEndOfInput) return error("the comment that begins here has no end: */ is missing");
    if (before == '*' && byte == '/') return std::nullopt;
    before = byte;
  }
}

std::optional<Error> DotLexer::lex_quoted() {
  token_.is_quoted = true;
  take();
  for (;;) {
    int byte = take();
    if (byte == kEndOfInput) return error("the string that begins here has no end: \" is missing");
    if (byte == '"') return std::nullopt;
    if (byte != '\\') {
      token_.text += static_cast<char>(byte);
      continue;
    }
    // An escaped line end joins lines; \" is a quote; all other escapes are the renderer's.
    if (peek() == '"') {
      token_.text += static_cast<char>(take());
    } else if (peek() == '\n') {
      take();
    } else if (peek() == '\r') {
      take();
      if (peek() == '\n') take();
    } else {
      token_.text += '\\';
      if (peek() == '\\') token_.text += static_cast<char>(take());
    }
  }
}

std::optional<Error> DotLexer::lex_html() {
  std::uint64_t depth = 0;
  do {
    const int byte = take();
    if (byte == kEndOfInput) {
      return error("the HTML that begins here has no end: its < and > are not balanced");
    }
    if (byte == '<') ++depth;
    if (byte == '>') --depth;
    token_.text += static_cast<char>(byte);
  } while (depth != 0);
  return std::nullopt;
}

// [-] . digits, or [-] digits [. digits]
std::optional<Error> DotLexer::lex_number() {
  bool has_digits = false;
  bool has_point = false;
  while (is_digit(peek()) || (peek() == '.' && !has_point)) {
    (peek() == '.' ? has_point : has_digits) = true;
    token_.text += static_cast<char>(take());
  }
  if (!has_digits) {
    return error("expected digits beside " + quoted(token_.text) +
                 "; names with a point stand in double quotes");
  }
  if (!begins_word(peek()) && peek() != '.') return std::nullopt;
  while (begins_word(peek()) || is_digit(peek()) || peek() == '.') {
    token_.text += static_cast<char>(take());
  }
  return error("expected a number or a name, found " + quoted(token_.text) +
               ", which begins as a number; names like this stand in double quotes");
}

std::optional<Error> DotLexer::lex_minus() {
  token_.text = static_cast<char>(take());
  const int second = peek();
  if (second == '>' || second == '-') {
    token_.kind = DotTokenKind::kSymbol;
    token_.text += static_cast<char>(take());
    return std::nullopt;
  }
  if (is_digit(second) || second == '.') return lex_number();
  return error("expected '->', '--' or a number, found '-' alone");
}

void DotLexer::lex_word() {
  while (begins_word(peek()) || is_digit(peek())) token_.text += static_cast<char>(take());
  if (token_.text.size() > 8) return;  // as long as the longest keyword
  std::string word = lower(token_.text);
  if (std::ranges::find(kKeywords, word) == kKeywords.end()) return;
  token_.kind = DotTokenKind::kKeyword;
  token_.text = std::move(word);
}

Error DotLexer::error_at(const DotToken& place, std::string message) const {
  return {ErrorCode::kCorrupt,
          input_.name() + ": line " + std::to_string(place.line) + ", column " +
              std::to_string(place.column),
          std::move(message)};
}

}  // namespace ouro::text
