// How many objects, and how many bytes they take.
#pragma once

#include <cstdint>

namespace ouro::analysis {

struct Amount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;

  void add(std::uint64_t size_bytes) {
    ++count;
    bytes += size_bytes;
  }
  Amount& operator+=(const Amount& other) {
    count += other.count;
    bytes += other.bytes;
    return *this;
  }
  friend Amount operator-(const Amount& all, const Amount& part) {
    return {all.count - part.count, all.bytes - part.bytes};
  }
  friend bool operator==(const Amount&, const Amount&) = default;
};

}  // namespace ouro::analysis
