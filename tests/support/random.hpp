// A seeded source of random numbers (splitmix64): the same on every machine and compiler, which
// std::uniform_int_distribution is not.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ouro::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// From 0 to `limit` - 1. Precondition: limit > 0.
  std::size_t below(std::size_t limit) noexcept { return next() % limit; }
  /// True once in `times`, on average.
  bool once_in(std::size_t times) noexcept { return below(times) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace ouro::test
