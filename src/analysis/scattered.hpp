// Objects of one class of the application in many places alike, none of which has enough of them
// to be a pile (piles.hpp):
//
//   module plugin_1 -> .data list -> Request, Request, ...  10 of them
//   module plugin_2 -> .data list -> Request, ...           10
//   ...                                                     300 lists, 3,000 requests
//
// A place is what the shortest path from a root leads through last, if it refers to the object as
// one of many: an attribute is a part of its object. Nor is it told of objects of a class that hold
// each other, as those of a tree do, be it by lists.
//
// Time: a pass over the nodes, then the objects of classes that have very many. Memory: 4 bytes for
// each of those, and a few words for each of their places.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/amount.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/shortest_paths.hpp"
#include "analysis/type_origins.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

struct Scattered {
  graph::TypeIndex type = 0;
  std::vector<graph::NodeIndex> nodes;       ///< those in such places, rising
  Amount amount;                             ///< of them, and the bytes they retain
  graph::TypeIndex holder_type = 0;          ///< of most of the places
  std::uint64_t holder_count = 0;            ///< how many places of that type there are
  graph::NodeIndex holder = graph::kNoNode;  ///< the nearest to a root; of equal ones the lowest
};

inline constexpr std::uint64_t kFewestScattered = 1000;

/// Whether it is said already where these objects of a class are.
using IsKnown = std::function<bool(graph::TypeIndex, std::span<const graph::NodeIndex>)>;

/// By falling bytes, then by type. `forest` is from_roots(), `tree` and `order` of the same graph.
std::vector<Scattered> find_scattered(const graph::HeapGraph& graph, const ShortestPaths& forest,
                                      const DominatorTree& tree, const DominatorOrder& order,
                                      const TypeOrigins& origins, const IsKnown& is_known,
                                      std::uint64_t fewest = kFewestScattered);

}  // namespace ouro::analysis
