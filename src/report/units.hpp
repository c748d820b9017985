// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace ouro::report {

/// "1,234,567".
std::string with_separators(std::uint64_t number);
/// "+1,234", "-5", "0".
std::string signed_number(std::int64_t number);

/// "512 B", "1.5 KiB", "12.3 MiB", "4.0 GiB": three digits at most before a change of unit.
std::string format_bytes(std::uint64_t bytes);
/// "+1.5 KiB", "-512 B", "0 B".
std::string signed_bytes(std::int64_t bytes);

/// "12.3 %", "0.04 %", "100 %" of `whole`; "" where there is no whole.
std::string percentage(std::uint64_t part, std::uint64_t whole);

/// "1 object", "2 objects".
std::string counted(std::uint64_t number, const std::string& noun);

/// "has" or "have", "it" or "they": the first for one.
const char* of_number(std::uint64_t number, const char* one, const char* many);

}  // namespace ouro::report
