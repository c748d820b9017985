// Where objects of one class pile up: an object that refers to many of them itself.
//
//   list _CONNECTIONS -> Connection, Connection, ... 412 of them
//
// Unlike a leak suspect (leak_suspects.hpp) a pile need not be large: a server that has run for an
// hour has lost little yet, beside an interpreter of 60 MB; but that it has 412 connections is what
// its author wants to see. So piles are of classes that are not Python's own (type_origins.hpp); of
// those that are, `fewest_of_library` make one: a dict of 50,000 lists, if the dict is the
// application's, is a cache that grows.
//
// Time: a pass over the references of objects that have `fewest_objects`. Memory: the references of
// the largest of them.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/amount.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/type_origins.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

struct Pile {
  graph::NodeIndex holder = graph::kNoNode;
  graph::TypeIndex type = 0;  ///< of most objects of such a class that it refers to
  TypeOrigin origin = TypeOrigin::kApplication;
  Amount amount;  ///< different objects, and the bytes they retain
};

struct PileOptions {
  std::uint64_t fewest_objects = 100;
  std::uint64_t fewest_of_library = 1000;
};

/// The application's first, then by falling bytes, then by holder. Holders that no root reaches are
/// left out. `tree` and `order` are the graph's.
std::vector<Pile> find_piles(const graph::HeapGraph& graph, const DominatorTree& tree,
                             const DominatorOrder& order, const TypeOrigins& origins,
                             PileOptions options = {});

}  // namespace ouro::analysis
