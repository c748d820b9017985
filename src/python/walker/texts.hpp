// What objects say of themselves: the value of str, bytes, int ..., the name of functions, modules,
// classes, code.
#pragma once

#include "python/walker/stream_writer.hpp"
#include "python/walker/type_info.hpp"

namespace ouro::python::walker {

TextRule choose_text_rule(const Object* type, std::uint64_t flags);

/// Writes the text of the object, if it has one.
void write_text(StreamWriter& writer, std::uint32_t number, Object* object, TextRule rule);

/// Writes the Type record of a class.
void write_type(StreamWriter& writer, std::uint32_t number, Object* type);

}  // namespace ouro::python::walker
