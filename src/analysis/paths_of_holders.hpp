// Why is one object alive: the answer of several_paths() with Distinct::kHolders, for one question
// about a heap instead of many.
//
// The shortest path through a holder must not lead through the object itself. So a forest is made
// for this object, in which the search reaches it and stops there: then the forest's path to each
// holder is the shortest that avoids the object, and no reverse edges are needed to find a detour.
// The holders come from one look at all targets in order.
//
//   root -> a -> [object] -> b      b refers to the object too, but is not reached around it: only
//                  ^---------'      the object keeps it alive, and no path leads through it
//
// Time: O(nodes + edges), the second pass sequential. Memory: that of ShortestPaths, 12 bytes a
// node, and the references to the object. For graphs that are larger than memory.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/shortest_paths.hpp"

namespace ouro::analysis {

struct PathsOfHolders {
  /// At most one through each holder, the shortest first; of equal ones that with the lower holder.
  /// The object being a root itself counts as one more, of length 0.
  std::vector<Path> paths;
  /// All references that keep the object alive, in order; several may be of one holder.
  std::vector<graph::EdgeIndex> references;
  /// Some of the references that come from what the object alone keeps alive, each as the shortest
  /// way from the object to itself.
  std::vector<Path> cycles;
};

PathsOfHolders paths_of_holders(const graph::HeapGraph& graph, graph::NodeIndex node,
                                std::size_t most_paths, Progress* progress = nullptr);

}  // namespace ouro::analysis
