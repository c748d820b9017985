// A search backwards along references, breadth first by levels: the referrers of a whole level are
// found in one pass over the heap (python/walker/in_process/referrer_search.hpp), or less.
//
//   level 0            the start
//   level n + 1        what refers to level n and is in no level before
//
//   look near the level's objects; ask about what is found
//   if counts show that there are others: look around frames and modules, then at all; ask about
//   those
//
// Who is asked may run Python, which may change the heap: what the search keeps it counts, and
// nothing is kept of the collector's lists meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <nanobind/nanobind.h>

#include "extension/objects_of_python.hpp"
#include "python/walker/in_process/address_table.hpp"
#include "python/walker/in_process/referrer_search.hpp"
#include "python/walker/in_process/root_surroundings.hpp"

namespace ouro::extension {

class ReferrerLevels {
 public:
  /// `ignored`: addresses that no level contains. It must live as long as the search.
  ReferrerLevels(nanobind::object start, std::span<const std::uint64_t> ignored);

  /// A container of the asker's: its references are none of the program's, and no level contains
  /// it.
  void note_own_container(nanobind::handle container) { own_containers_.push_back(container); }

  /// The caller holds one reference more to this object, out of the collector's sight.
  void note_own_reference(nanobind::handle object);

  /// Goes on by a level; gives the first of its objects that `accepts(object)`. None is asked about
  /// twice.
  template <class Accepts>
  std::optional<std::uint32_t> advance(Accepts accepts);

  /// Whether the last advance() found nothing.
  bool is_at_end() const { return level_begin_ == nodes_.size(); }
  /// Whether something that the collector does not track, a frame perhaps, holds an object of the
  /// level before. Not known, and false, where something was accepted.
  bool was_held_from_outside() const { return was_held_from_outside_; }
  /// From an object of the levels to the start.
  std::vector<nanobind::object> chain_from(std::uint32_t node) const;

 private:
  static constexpr std::uint32_t kNoNode = ~std::uint32_t{0};

  struct Node {
    nanobind::object object;
    std::uint32_t parent;  ///< which node it refers to
  };

  /// Whether frames hold one of them.
  bool add_targets(python::walker::ReferrerSearch& search, std::size_t begin,
                   std::size_t end) const;
  /// Makes nodes of what was found and is new; gives the number of the first.
  std::size_t take(std::span<const python::walker::Referrer> found, std::size_t begin);

  std::span<const std::uint64_t> ignored_;
  std::vector<Node> nodes_;
  python::walker::AddressTable numbers_;  ///< of nodes, by address
  std::size_t level_begin_ = 0;
  std::vector<nanobind::handle> own_containers_;
  python::walker::AddressTable own_;
  std::vector<std::uint64_t> own_references_;  ///< by number in `own_`
  bool was_held_from_outside_ = false;
};

template <class Accepts>
std::optional<std::uint32_t> ReferrerLevels::advance(Accepts accepts) {
  using python::walker::ReferrerSearch;
  const std::size_t begin = level_begin_;
  const std::size_t end = nodes_.size();
  level_begin_ = end;
  was_held_from_outside_ = false;
  bool is_explained = false;
  bool is_in_frames = false;
  // `look(search)`: whether there was memory. What it finds is asked about.
  const auto accepted_by = [&](auto look) -> std::optional<std::uint32_t> {
    ReferrerSearch search;
    is_in_frames = add_targets(search, begin, end);
    if (!look(search)) raise_no_memory();
    is_explained = search.is_explained();
    for (std::size_t node = take(search.found(), begin); node < nodes_.size(); ++node) {
      if (accepts(nodes_[node].object)) return static_cast<std::uint32_t>(node);
    }
    return std::nullopt;
  };
  for (const std::uint64_t neighbours : ReferrerSearch::kNeighbours) {
    if (is_explained || !ReferrerSearch::is_affordable(neighbours, end - begin)) break;
    const auto look = [&](ReferrerSearch& search) { return search.search_near(neighbours); };
    if (const auto accepted = accepted_by(look)) return accepted;
  }
  if (!is_explained) {
    const auto look = [](ReferrerSearch& search) {
      python::walker::RootSurroundings around(ReferrerSearch::heap_size());
      while (!search.is_explained() && around.grow()) {
        if (!search.search_among(around.newest())) return false;
      }
      return around.has_memory();
    };
    if (const auto accepted = accepted_by(look)) return accepted;
  }
  if (!is_explained) {
    const auto look = [](ReferrerSearch& search) { return search.search_all(); };
    if (const auto accepted = accepted_by(look)) return accepted;
  }
  was_held_from_outside_ = !is_explained || is_in_frames;
  return std::nullopt;
}

}  // namespace ouro::extension
