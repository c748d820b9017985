#include "graph/addresses.hpp"

#include <algorithm>
#include <unordered_map>

namespace ouro::graph {

OwnedAddresses::OwnedAddresses(std::span<const std::uint64_t> addresses) {
  constexpr std::uint64_t kChunkMask = (std::uint64_t{1} << Addresses::kChunkShift) - 1;
  constexpr std::uint64_t kUnitMask = (std::uint64_t{1} << Addresses::kUnitShift) - 1;
  constexpr std::uint64_t kMostChunks = std::uint64_t{1} << (32 - Addresses::kPlaceShift);
  bool has_units = true;
  std::uint64_t last_chunk = ~std::uint64_t{0};
  for (const std::uint64_t address : addresses) {
    has_units = has_units && (address & kUnitMask) == 0;
    const std::uint64_t chunk = address & ~kChunkMask;
    if (chunk == last_chunk) continue;  // neighbours mostly share one
    last_chunk = chunk;
    chunks_.push_back(chunk);
  }
  std::ranges::sort(chunks_);
  const auto rest = std::ranges::unique(chunks_);
  chunks_.erase(rest.begin(), rest.end());
  // The last chunk is left out: its last place is the value that stands for an exception.
  if (!has_units || chunks_.size() >= kMostChunks) {
    chunks_.clear();
    places_ = OwnedColumn(addresses);
    return;
  }
  std::unordered_map<std::uint64_t, std::uint64_t> number_by_chunk;
  for (std::size_t at = 0; at < chunks_.size(); ++at) number_by_chunk.emplace(chunks_[at], at);
  std::vector<std::uint32_t> places;
  places.reserve(addresses.size());
  last_chunk = ~std::uint64_t{0};
  std::uint64_t number = 0;
  for (const std::uint64_t address : addresses) {
    const std::uint64_t chunk = address & ~kChunkMask;
    if (chunk != last_chunk) number = number_by_chunk.find(chunk)->second;
    last_chunk = chunk;
    places.push_back(static_cast<std::uint32_t>((number << Addresses::kPlaceShift) |
                                                ((address & kChunkMask) >> Addresses::kUnitShift)));
  }
  places_ = OwnedColumn(places);
}

}  // namespace ouro::graph
