#include "graph/strings.hpp"

#include <algorithm>
#include <functional>

namespace ouro::graph {

namespace {

// The slot is chosen by the low bits, so those kept beside the number are the high ones.
std::uint32_t high_bits(std::size_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

StringIndex StringsBuilder::add(std::string_view text) {
  if (2 * begins_.size() > slots_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>()(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.index == kEmpty) {
      slot = {high_bits(hash), size()};
      bytes_ += text;
      begins_.push_back(bytes_.size());
      return slot.index;
    }
    if (slot.hash == high_bits(hash) && view()[slot.index] == text) return slot.index;
  }
}

void StringsBuilder::grow() {
  constexpr std::size_t kFewestSlots = 64;
  slots_.assign(std::max(kFewestSlots, 2 * slots_.size()), Slot{});
  const std::size_t mask = slots_.size() - 1;
  const Strings strings = view();
  for (StringIndex index = 0; index < size(); ++index) {
    const std::size_t hash = std::hash<std::string_view>()(strings[index]);
    std::size_t at = hash & mask;
    while (slots_[at].index != kEmpty) at = (at + 1) & mask;
    slots_[at] = {high_bits(hash), index};
  }
}

}  // namespace ouro::graph
