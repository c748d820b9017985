// A decimal number at the start of some bytes, 8 digits at a time.
//
// The digits of "1234567 " as a little-endian word, each xored with '0':
//
//   01 02 03 04 05 06 07 | 10       the first byte that is not 0..9 says how many there are
//   00 01 02 03 04 05 06 07         shifted up: leading zeros
//   (00*10+01) (02*10+03) ...       pairs, then pairs of pairs, then both halves
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace ouro::text {

static_assert(std::endian::native == std::endian::little, "words hold their first byte lowest");

struct ScannedNumber {
  std::uint64_t value;
  unsigned digits;  // 0: there is no number, or none as number names are (leading zero, 11 digits)
};

/// Precondition: 16 readable bytes; a byte that is no digit among them.
inline ScannedNumber scan_number(const char* text) {
  constexpr std::uint64_t kEachByte = 0x0101010101010101u;
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  word ^= '0' * kEachByte;
  // 0..9 + 0x76 stay below 0x80, all else does not. A carry only disturbs bytes behind the first.
  const std::uint64_t no_digit = ((word + 0x76 * kEachByte) | word) & (0x80 * kEachByte);
  unsigned digits = no_digit == 0 ? 8 : static_cast<unsigned>(std::countr_zero(no_digit)) / 8;
  if (digits == 0 || ((word & 0xFF) == 0 && digits > 1)) return {0, 0};

  word <<= 8 * (8 - digits);
  word = word * 10 + (word >> 8);
  constexpr std::uint64_t kPairs = 0x000000FF000000FFu;
  word = ((word & kPairs) * (100 + (std::uint64_t{1000000} << 32)) +
          ((word >> 16) & kPairs) * (1 + (std::uint64_t{10000} << 32))) >>
         32;
  if (digits < 8) return {word, digits};
  for (; text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits == 10) return {0, 0};
    word = word * 10 + static_cast<std::uint64_t>(text[digits] - '0');
  }
  return {word, digits};
}

}  // namespace ouro::text
