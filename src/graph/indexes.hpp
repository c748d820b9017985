// Numbers that name things in a heap graph. Each is a position in a column, from 0.
#pragma once

#include <cstdint>

namespace ouro::graph {

using NodeIndex = std::uint32_t;
using EdgeIndex = std::uint32_t;
using TypeIndex = std::uint32_t;
using StringIndex = std::uint32_t;

/// No node: the last value is never a node's number.
inline constexpr NodeIndex kNoNode = 0xFFFFFFFFu;
inline constexpr EdgeIndex kNoEdge = 0xFFFFFFFFu;

/// More of either does not fit a graph: the numbers above are of 32 bits.
inline constexpr std::uint64_t kMostNodes = 0xFFFFFFFEu;
inline constexpr std::uint64_t kMostEdges = 0xFFFFFFFEu;

}  // namespace ouro::graph
