// Values as Python's repr() writes them, from their bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ouro::python::heap {

/// Whether str.isprintable() says so of the code point, by Unicode 15.1 (CPython 3.13; others
/// differ in the code points that their versions of Unicode added).
bool is_printable(char32_t code_point);

/// 'alice', "it's", 'a\nb'. What is no UTF-8 in it becomes U+FFFD.
std::string repr_of_str(std::string_view utf8);

/// b'GET /'.
std::string repr_of_bytes(std::string_view bytes);

/// 0.1, 1e+16, -0.0, nan.
std::string repr_of_float(double value);

/// (1+2j), 2j.
std::string repr_of_complex(double real, double imaginary);

/// In decimal. `magnitude`: its bytes, the lowest first.
std::string repr_of_int(bool is_negative, std::span<const std::uint8_t> magnitude);

}  // namespace ouro::python::heap
