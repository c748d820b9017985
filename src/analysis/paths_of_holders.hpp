// Why is one object alive: the answer of several_paths() with Distinct::kHolders, for one question
// about a heap instead of many.
//
// The shortest path through a holder must not lead through the object itself. So the search is made
// for this object: it reaches it and stops there, and its path to each holder is the shortest that
// avoids the object; no reverse edges are needed to find a detour. The holders come from one look
// at all targets in order.
//
//   root -> a -> [object] -> b      b refers to the object too, but is not reached around it: only
//                  ^---------'      the object keeps it alive, and no path leads through it
//
// Time: one sequential pass over the references, and the search, which ends when enough holders are
// reached (nearest_first.hpp): at worst O(nodes + edges). Memory: 12 bytes for each node that the
// search reaches, and the references to the object. For graphs that are larger than memory.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/folded_references.hpp"
#include "analysis/shortest_paths.hpp"

namespace ouro::analysis {

struct PathsOfHolders {
  /// At most one through each holder, the shortest first; of equal ones that with the lower holder.
  /// The object being a root itself counts as one more, of length 0.
  std::vector<Path> paths;
  /// All references that keep the object alive, by holder; several may be of one.
  std::vector<graph::EdgeIndex> references;
  /// Some of the references that come from what the object alone keeps alive, each as the shortest
  /// way from the object to itself.
  std::vector<Path> cycles;
};

PathsOfHolders paths_of_holders(const FoldedReferences& references, graph::NodeIndex node,
                                std::size_t most_paths, Progress* progress = nullptr);

}  // namespace ouro::analysis
