// Text for the labels of Graphviz's language DOT.
#pragma once

#include <string>
#include <string_view>

namespace ouro {

/// Any bytes as text for a label, of either kind DOT has ("..." and <...>): what would mean
/// something there, to DOT or to HTML, is written so that it does not; bytes that are no UTF-8, and
/// control characters, become U+FFFD.
std::string escape_label(std::string_view text);

/// A further line of a label of the kind <...>, in small print. `text` is escaped already.
std::string small_label_line(std::string_view text, std::string_view colour);

}  // namespace ouro
