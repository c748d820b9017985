// What objects say of themselves: the value of str, bytes, int ..., the name of functions, modules,
// classes, code.
#pragma once

#include "python/walker/stream_writer.hpp"
#include "python/walker/type_info.hpp"

namespace ouro::python::walker {

TextRule choose_text_rule(const Object* type, std::uint64_t flags);

/// Writes the text of the object, if it has one.
void write_text(StreamWriter& writer, std::uint32_t number, Object* object, TextRule rule);

/// Room for a name.
inline constexpr std::uint32_t kMostNameBytes = 1600;
/// Writes a str that is a name, in part if it is very long. Gives its bytes, 0 for what is no str.
std::uint32_t write_name(const Object* object, char* to);
/// Writes a number as digits, a negative one as 0. Gives their count, 10 at most.
std::uint32_t write_decimal(std::int32_t value, char* to);

/// Writes the Type record of a class.
void write_type(StreamWriter& writer, std::uint32_t number, Object* type);

}  // namespace ouro::python::walker
