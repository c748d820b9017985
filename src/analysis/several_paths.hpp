// Why is it alive, when more than one thing holds it: several shortest paths that differ in what
// the asker could change.
//
//   kHolders    at most one path through each object that refers directly to the node: for each
//               holder the shortest simple path whose last step starts at it. The node being a
//               start itself counts as one more, of length 0.
//   kRoots      at most one path from each start node: the shortest from it.
//   kRootKinds  at most one path from each kind of root: the shortest from any root of the kind.
//
// The k shortest of them come back, shortest first; of equal ones that with the lower holder for
// kHolders, else in the order in which a search backwards along `reverse` finds them.
//
// kHolders takes the forest's path to each holder. Where that path leads through the node itself it
// is of no use, and a search backwards from the holder that leaves out the node finds the shortest
// other way round, or that there is none: then only the node keeps that holder alive. The other two
// are one search backwards from the node, breadth first.
//
// Queries look at `most_edges` edges all in all. When that did not suffice the answer says so: what
// is there are paths of the definition, but not all of them may be the shortest. Memory: a bit a
// node and 8 bytes for each node seen.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/shortest_paths.hpp"

namespace ouro::analysis {

enum class Distinct : std::uint8_t { kHolders, kRoots, kRootKinds };

struct SeveralPaths {
  std::vector<Path> paths;
  /// The search went as far as it had to.
  bool is_complete = true;
};

inline constexpr std::uint64_t kMostEdgesOfAQuery = 1u << 15;

/// Preconditions: `reverse` is of owned edges; kRootKinds needs a forest from_roots().
SeveralPaths several_paths(const ShortestPaths& forest, const ReverseEdges& reverse,
                           graph::NodeIndex node, std::size_t most_paths,
                           Distinct distinct = Distinct::kHolders,
                           std::uint64_t most_edges = kMostEdgesOfAQuery);

}  // namespace ouro::analysis
