// The value of an object, where it is a string or a number: what tells it from others of its type.
#pragma once

#include <string>
#include <string_view>

namespace ouro::objgraph {

/// "'text'", "42", "true"; empty for all other types. Long strings are cut.
std::string preview_of(const void* object);

/// At most `limit` characters of a text in UTF-8, an ellipsis after it if it was cut.
std::string shortened(std::string_view text, std::size_t limit);

}  // namespace ouro::objgraph
