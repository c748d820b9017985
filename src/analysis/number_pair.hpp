// Two numbers in one word: what is stored together, and keys of hash tables.
#pragma once

#include <cstdint>

namespace ouro::analysis {

constexpr std::uint64_t pair_of(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}
constexpr std::uint32_t high_of(std::uint64_t pair) {
  return static_cast<std::uint32_t>(pair >> 32);
}
constexpr std::uint32_t low_of(std::uint64_t pair) {
  return static_cast<std::uint32_t>(pair);
}

}  // namespace ouro::analysis
