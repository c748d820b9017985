// Counts that the snapshot does not explain: of each object its count, minus the owned edges to it,
// minus the references that its roots are known to hold.
//
//   above zero   somebody holds it whom the snapshot does not show: C code, a running frame, a
//                reference that was never given back
//   below zero   a deficit: an edge that is there twice, or a reference taken without counting. An
//                object that is about to be freed too early.
//
// Immortal objects are left out, since their counts say nothing. Time: O(nodes + edges); memory: 4
// bytes a node, and 24 for each unexplained count.
#pragma once

#include <cstdint>
#include <vector>

#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

struct UnexplainedCount {
  graph::NodeIndex node = graph::kNoNode;
  std::uint64_t reference_count = 0;
  std::int64_t difference = 0;  ///< count minus known references; never 0

  friend bool operator==(const UnexplainedCount&, const UnexplainedCount&) = default;
};

/// The same for all objects of a type that have one.
struct UnexplainedOfType {
  graph::TypeIndex type = 0;
  std::uint32_t surplus_nodes = 0;
  std::uint64_t surplus_references = 0;
  std::uint32_t deficit_nodes = 0;
  std::uint64_t deficit_references = 0;

  friend bool operator==(const UnexplainedOfType&, const UnexplainedOfType&) = default;
};

struct UnexplainedCounts {
  std::vector<UnexplainedCount> by_node;  ///< in the order of nodes
  /// Deficits first, being errors, then most references first; of equal ones the lower type.
  std::vector<UnexplainedOfType> by_type;
};

/// Needs counts; a graph without them has nothing to explain.
UnexplainedCounts find_unexplained_counts(const graph::HeapGraph& graph,
                                          Progress* progress = nullptr);

}  // namespace ouro::analysis
