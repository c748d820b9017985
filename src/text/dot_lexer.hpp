// DOT's words, one after the other, from an input in blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <ouro/base/result.hpp>

#include "base/progress.hpp"
#include "text/input.hpp"

namespace ouro::text {

enum class DotTokenKind {
  kEnd,
  kName,     // an id of any kind
  kKeyword,  // text in lower case: strict, graph, digraph, subgraph, node, edge
  kSymbol,   // text is one of { } [ ] = ; , : + -> --
};

struct DotToken {
  DotTokenKind kind = DotTokenKind::kEnd;
  std::string text;
  bool is_quoted = false;
  std::uint64_t line = 1;
  std::uint64_t column = 1;

  bool is(std::string_view symbol) const { return kind == DotTokenKind::kSymbol && text == symbol; }
  bool is_keyword(std::string_view word) const {
    return kind == DotTokenKind::kKeyword && text == word;
  }
};

class DotLexer {
 public:
  DotLexer(Input& input, Progress* progress);

  /// What advance() found. Its text may be moved out.
  DotToken& token() { return token_; }
  /// Reads the next token; strings joined by + are one.
  std::optional<Error> advance();
  /// An error at the token.
  Error error(std::string message) const { return error_at(token_, std::move(message)); }

 private:
  static constexpr int kEndOfInput = -1;

  // The next byte, or kEndOfInput: also after a failure, which advance() then reports.
  int peek() {
    if (at_ == end_) refill();
    return at_ == end_ ? kEndOfInput : static_cast<unsigned char>(*at_);
  }
  int take();
  void refill();

  std::optional<Error> lex();
  std::optional<Error> skip_blanks_and_comments();
  std::optional<Error> skip_slash_comment();
  std::optional<Error> lex_quoted();
  std::optional<Error> lex_html();
  std::optional<Error> lex_number();
  std::optional<Error> lex_minus();
  void lex_word();
  std::optional<Error> join_strings();
  Error error_at(const DotToken& place, std::string message) const;

  Input& input_;
  Progress* progress_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool is_at_end_ = false;
  bool is_line_start_ = true;  // only blanks since the last line end
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 1;
  std::optional<Error> failure_;  // of the input
  DotToken token_;
  std::optional<DotToken> ahead_;  // read while looking for a +
};

}  // namespace ouro::text
