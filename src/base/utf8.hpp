// Bytes that may be text, made safe to show: names and previews come from other programs' memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ouro {

/// The length of the UTF-8 character that `text` begins with, or 0 if it begins with none.
std::size_t utf8_length(std::string_view text) noexcept;

/// The text as UTF-8 without control characters: each of these, and each byte that is no UTF-8,
/// becomes U+FFFD. So a preview can neither break a line nor command a terminal.
std::string printable(std::string_view text);

}  // namespace ouro
