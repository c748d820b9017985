// The addresses of objects as they come, in the four bytes each that graph::Addresses has in the
// end.
//
// A chunk of 1 MiB gets its number when it first occurs; at the end the chunks are sorted and the
// numbers replaced. Addresses that have no place in the row (no multiple of 8, or beyond 32 GiB of
// chunks) make it a row of addresses, as the file has them then.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "graph/addresses.hpp"
#include "python/heap/growing_array.hpp"

namespace ouro::python::heap {

class GrowingAddresses {
 public:
  void push_back(std::uint64_t address) {
    const std::uint64_t chunk = address >> graph::Addresses::kChunkShift;
    CacheEntry& cached = cache_[chunk % kCacheEntries];
    if (has_places_ && cached.chunk == chunk && (address & kUnitMask) == 0) [[likely]]
      return places_.push_back(place_in(cached.number, address));
    push_slowly(address);
  }

  /// To be called once, after the last address.
  void finish();
  /// Precondition: finish() was called.
  graph::Addresses view() const;

 private:
  static constexpr std::uint64_t kUnitMask = (1u << graph::Addresses::kUnitShift) - 1;
  static constexpr std::uint64_t kChunkMask =
      (std::uint64_t{1} << graph::Addresses::kChunkShift) - 1;
  /// The last is left out: its last place is the value that stands for an exception.
  static constexpr std::uint64_t kMostChunks =
      (std::uint64_t{1} << (32 - graph::Addresses::kPlaceShift)) - 1;
  static constexpr std::size_t kCacheEntries = 4096;

  struct CacheEntry {
    std::uint64_t chunk = ~std::uint64_t{0};
    std::uint32_t number = 0;
  };

  static std::uint32_t place_in(std::uint32_t number, std::uint64_t address) {
    return static_cast<std::uint32_t>((std::uint64_t{number} << graph::Addresses::kPlaceShift) |
                                      ((address & kChunkMask) >> graph::Addresses::kUnitShift));
  }
  void push_slowly(std::uint64_t address);
  void keep_whole_addresses();

  bool has_places_ = true;
  GrowingArray<std::uint32_t> places_;
  GrowingArray<std::uint64_t> addresses_;  ///< instead, where !has_places_
  std::vector<std::uint64_t> chunks_;      ///< by number: the chunk's first address
  std::unordered_map<std::uint64_t, std::uint32_t> number_by_chunk_;
  std::array<CacheEntry, kCacheEntries> cache_;
};

}  // namespace ouro::python::heap
