// Text from a file, as an error message shows it.
#pragma once

#include <string>
#include <string_view>

namespace ouro::text {

/// In double quotes, on one line, at most some 60 bytes and `...`; what a terminal would not print
/// as it is becomes an escape. Cuts between characters of UTF-8.
std::string quoted(std::string_view text);

}  // namespace ouro::text
