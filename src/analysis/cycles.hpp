// Cycles grouped by shape: what kinds of cycles a heap has, and which reference to make weak.
//
//   Dungeon.monsters[] -> Monster.dungeon ->      3 components, 303 objects, 24 kB
//   cut Monster.dungeon: 300 references; breaks 3 of 3, frees 303 objects by counts alone
//
// 1. Every strongly connected component is represented by a short cycle in it (short_cycle.hpp).
// 2. Components whose cycles have the same form, types and fields in the same order wherever one
//    begins (cycle_form.hpp), are of one shape. All their objects count, not only those on the
//    cycle: the 100 monsters of a dungeon are one component.
// 3. The reference to cut is a class of edges on the cycle ("Monster.dungeon"). For each class the
//    proof is made: without its edges, objects that nothing in the component refers to die, and so
//    do those that only they referred to, until none is left or what is left is still on a cycle or
//    behind one (Kahn, Topological sorting of large networks, 1962). That is what counts alone free
//    once everything outside of the component has let go of it.
// 4. Chosen is, in this order: the class that breaks most components; whose targets, in most of its
//    references, are held from elsewhere too (entrances.hpp), as what lives by a reference alone
//    would die when it became weak; an attribute or variable of which each object has one, rather
//    than an item of a container; the class with most sources, the many's side, so child to parent;
//    with most edges back to objects captured earlier, as parents mostly are; that frees most
//    objects; with fewest edges; the one first met. Objects freed come late on purpose: where other
//    cycles are left, a parent's references to its children free most, and the children of a living
//    parent with them.
//
// Components that roots reach are held: nothing is freed before their holder lets go. The others
// are cyclic garbage. Shapes say both.
//
// Time: O(edges in components * (1 + classes on the cycle, at most kMostCandidates)) and the
// searches for short cycles, and O(edges) for the entrances. Memory: 8 bytes a node, 4 for each
// component, 12 an edge of the largest component and 24 a node of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/components.hpp"
#include "analysis/node_set.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// "Monster" and ".dungeon".
struct CycleStep {
  std::string type;
  std::string reference;

  friend bool operator==(const CycleStep&, const CycleStep&) = default;
  friend auto operator<=>(const CycleStep&, const CycleStep&) = default;
};

struct CycleTally {
  std::uint64_t components = 0;
  std::uint64_t objects = 0;
  std::uint64_t size_bytes = 0;

  friend bool operator==(const CycleTally&, const CycleTally&) = default;
};

/// What happens without the references of the last step.
struct CycleCut {
  std::uint64_t references = 0;  ///< of this class inside the components; each closes cycles
  CycleTally freed;              ///< components: those without any cycle left
  CycleTally freed_held;         ///< the part of it in components that roots reach
};

struct CycleShape {
  /// Once round; the last is the reference to cut.
  std::vector<CycleStep> steps;
  CycleTally all;
  CycleTally held;  ///< the part of it that roots reach; the rest is cyclic garbage
  CycleCut cut;
  /// Components that were too large to search from every node: a shorter cycle may exist in them.
  std::uint64_t sampled_components = 0;
  /// A cycle of the first component of the shape, round and round the steps: each edge begins where
  /// the one before ends.
  std::vector<graph::EdgeIndex> example;
};

/// "Dungeon.monsters[] -> Monster.dungeon ->"
std::string to_string(const std::vector<CycleStep>& steps);

struct Cycles {
  /// Most bytes first, then most objects, then by text.
  std::vector<CycleShape> shapes;
  /// The place in `shapes` of each component.
  std::vector<std::uint32_t> shape_by_component;
};

/// Classes beyond these, in the order of the cycle, are not considered for cutting.
inline constexpr std::size_t kMostCandidates = 8;

/// `components` are those of the graph over owned edges, `held` is what the roots reach. Needs all
/// parts of the graph but texts of nodes.
Cycles find_cycles(const graph::HeapGraph& graph, const Components& components, const NodeSet& held,
                   Progress* progress = nullptr);

}  // namespace ouro::analysis
