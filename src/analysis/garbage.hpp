// What the cycle collector would find if it looked at everything now: CPython's five steps over a
// snapshot (InternalDocs/garbage_collector.md; gcmodule.c's deduce_unreachable of all generations).
//
//   1. gc_refs of every candidate is its count.
//   2. Each traversed edge between candidates takes one from its target.
//   3. What has gc_refs left is held from outside of the candidates, and reachable;
//   4. so is all that it reaches over traversed edges.
//   5. The other candidates are garbage.
//
// Candidates are tracked, neither immortal nor in the permanent generation. All else counts as
// outside: its references are not subtracted, exactly because the collector does not look at them.
// Then the collector asks finalizers and weak references, which a snapshot cannot foretell.
//
// A candidate with more references from candidates than its count, gc_refs below zero, is an error
// of the snapshot (taken in the middle of a change, or an edge that is there twice). It counts as
// reachable: a wrong count must not turn into wrong garbage.
//
// When garbage dies, objects that are no candidates die with it by their counts alone: those whose
// every reference comes from garbage or from others of them. They are listed apart.
//
// Time: O(nodes + edges). Memory: 4 bytes a node, two bits, and 4 for each node on the stack.
#pragma once

#include <cstdint>
#include <vector>

#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// Nodes in rising order, and what they take.
struct NodeList {
  std::vector<graph::NodeIndex> nodes;
  std::uint64_t size_bytes = 0;
};

struct NegativeCount {
  graph::NodeIndex node = graph::kNoNode;
  std::uint64_t reference_count = 0;
  std::uint64_t references_of_candidates = 0;  ///< more than reference_count
};

struct Garbage {
  NodeList garbage;
  NodeList held_by_garbage;  ///< no candidates of the collector, but freed with the garbage
  std::vector<NegativeCount> errors;
  std::uint32_t candidate_count = 0;
};

/// Needs counts and flags; a graph without them has no candidates.
Garbage find_garbage(const graph::HeapGraph& graph, Progress* progress = nullptr);

}  // namespace ouro::analysis
