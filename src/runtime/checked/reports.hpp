// From a piece of misuse to the handler.
#pragma once

#include <string>
#include <string_view>

#include <ouro/checked.hpp>

namespace ouro::detail::checked {

/// Hands the report to the handler of the process, or prints it and aborts. Does nothing if it is
/// the handler's own doing. To be called without any lock.
void report(const ouro::checked::Report& report) noexcept;

/// True the first time that this field of this type is to be reported to this handler.
bool is_news(const std::string& type, const std::string& field);

/// "the Monster at 0x7f0000010008"
std::string name_object(std::string_view type, const void* object);
std::string hexadecimal(const void* address);
/// "1 Ref", "3 Refs"
std::string plural(std::size_t count, std::string_view what);

}  // namespace ouro::detail::checked
