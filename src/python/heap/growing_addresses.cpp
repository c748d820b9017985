#include "python/heap/growing_addresses.hpp"

#include <algorithm>
#include <numeric>

namespace ouro::python::heap {

using graph::Addresses;

void GrowingAddresses::push_slowly(std::uint64_t address) {
  if (!has_places_) return addresses_.push_back(address);
  const std::uint64_t chunk = address >> Addresses::kChunkShift;
  const bool is_new = !number_by_chunk_.contains(chunk);
  if ((address & kUnitMask) != 0 || (is_new && chunks_.size() == kMostChunks)) {
    keep_whole_addresses();
    return addresses_.push_back(address);
  }
  const auto number =
      number_by_chunk_.try_emplace(chunk, static_cast<std::uint32_t>(chunks_.size())).first->second;
  if (is_new) chunks_.push_back(chunk << Addresses::kChunkShift);
  cache_[chunk % kCacheEntries] = {chunk, number};
  places_.push_back(place_in(number, address));
}

void GrowingAddresses::keep_whole_addresses() {
  addresses_.reserve(places_.size() * 2);
  constexpr std::uint32_t kPlaceMask = (1u << Addresses::kPlaceShift) - 1;
  for (const std::uint32_t place : places_.span()) {
    addresses_.push_back(chunks_[place >> Addresses::kPlaceShift] +
                         (std::uint64_t{place & kPlaceMask} << Addresses::kUnitShift));
  }
  places_.clear();
  chunks_.clear();
  number_by_chunk_.clear();
  has_places_ = false;
}

void GrowingAddresses::finish() {
  if (!has_places_) return;
  std::vector<std::uint32_t> order(chunks_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [this](std::uint32_t number) { return chunks_[number]; });
  std::vector<std::uint32_t> bits_by_number(chunks_.size());  // to be or-ed to a place
  std::vector<std::uint64_t> sorted;
  for (const std::uint32_t number : order) {
    bits_by_number[number] = static_cast<std::uint32_t>(sorted.size()) << Addresses::kPlaceShift;
    sorted.push_back(chunks_[number]);
  }
  chunks_ = std::move(sorted);
  constexpr std::uint32_t kPlaceMask = (1u << Addresses::kPlaceShift) - 1;
  for (std::uint32_t& place : places_.span()) {
    place = bits_by_number[place >> Addresses::kPlaceShift] | (place & kPlaceMask);
  }
}

graph::Addresses GrowingAddresses::view() const {
  if (has_places_) {
    const auto* bytes = reinterpret_cast<const std::byte*>(places_.data());
    return {graph::Column(bytes, static_cast<std::uint32_t>(places_.size()), 4), chunks_};
  }
  const auto* bytes = reinterpret_cast<const std::byte*>(addresses_.data());
  return {graph::Column(bytes, static_cast<std::uint32_t>(addresses_.size()), 8), {}};
}

}  // namespace ouro::python::heap
