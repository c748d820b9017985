// The addresses of all nodes, in four bytes each.
//
// A process's objects lie in a few stretches of a space of 2^47 bytes. Only the chunks of 1 MiB
// that hold an object are kept, side by side, and an address is its place in that row, in units of
// 8:
//
//   chunk   0x5555_5560_0000   0x7fff_f000_0000   0x7fff_f010_0000         the table, rising
//           |................|................|................|
//   place   0          131071 131072     262143 262144     393215          what the column holds
//
// 2^32 places are 32 GiB of such chunks. Beyond that, or with addresses that are no multiples of 8,
// the table is empty and the column holds the addresses themselves. The order of addresses is the
// order of places, so that the two forms compare alike.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/column.hpp"
#include "graph/indexes.hpp"

namespace ouro::graph {

class Addresses {
 public:
  static constexpr unsigned kChunkShift = 20;
  static constexpr unsigned kUnitShift = 3;
  static constexpr unsigned kPlaceShift = kChunkShift - kUnitShift;

  Addresses() = default;
  /// Precondition: `chunks` rises, and without chunks the places are addresses.
  Addresses(Column places, std::span<const std::uint64_t> chunks)
      : places_(places), chunks_(chunks) {}

  /// 0 for a place outside of the chunks, which no writer makes.
  std::uint64_t operator[](NodeIndex node) const {
    const std::uint64_t place = places_[node];
    if (chunks_.empty()) return place;
    const std::uint64_t chunk = place >> kPlaceShift;
    if (chunk >= chunks_.size()) return 0;
    constexpr std::uint64_t kPlaceMask = (std::uint64_t{1} << kPlaceShift) - 1;
    return chunks_[chunk] + ((place & kPlaceMask) << kUnitShift);
  }

  const Column& places() const { return places_; }
  std::span<const std::uint64_t> chunks() const { return chunks_; }

 private:
  Column places_;
  std::span<const std::uint64_t> chunks_;
};

class OwnedAddresses {
 public:
  OwnedAddresses() = default;
  explicit OwnedAddresses(std::span<const std::uint64_t> addresses);

  Addresses view() const { return {places_.view(), chunks_}; }

 private:
  OwnedColumn places_;
  std::vector<std::uint64_t> chunks_;
};

}  // namespace ouro::graph
