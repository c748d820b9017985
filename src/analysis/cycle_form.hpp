// The form of a cycle: the classes of its edges, whichever object it is told from.
//
//   Monster.dungeon -> Dungeon.monsters[] ->     the same as
//   Dungeon.monsters[] -> Monster.dungeon ->
//
// Of all rotations the form is the least, by Booth's algorithm (Lexicographically least circular
// substrings, 1980) in the two-pointer form of Shiloach (1981). Rings that go round the same
// classes several times have the form of one round: rings of 3 and of 1000 nodes that are linked by
// `.next` are one kind of ring. The round is found by the prefix function of Knuth, Morris and
// Pratt.
//
// Time: O(length).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/edge_classes.hpp"

namespace ouro::analysis {

using CycleForm = std::vector<EdgeClass>;

/// Where the least rotation begins. Precondition: not empty.
std::size_t least_rotation(std::span<const EdgeClass> cycle);

/// The length of the shortest sequence of which `cycle` is a repetition. Precondition: not empty.
std::size_t round_length(std::span<const EdgeClass> cycle);

/// Precondition: not empty.
CycleForm form_of(std::span<const EdgeClass> cycle);

}  // namespace ouro::analysis
