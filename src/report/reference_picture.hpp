// What a picture of references shows, as data: the objects near the starts, alike ones merged, the
// references between them, what was left out, and a cycle through a start.
//
//   heap       d --.monsters[0..99]--> m0 m1 ... m99, each --.dungeon--> d
//   picture    Dungeon#1 --.monsters[0..99]--> Monster x 100 --.dungeon--> Dungeon#1
//
// 1. A shortest cycle through the first start that has one: breadth first over owned edges.
// 2. Nodes, breadth first from the starts. What one node refers to (or is referred to by) is sorted
//    into groups: the same edge_shape, type and weakness. Objects of a group are alike and become
//    one node, unless there are so few that they can be told apart at a glance. Where at most a few
//    of many stand out, since their count differs or a root holds them, these stand apart:
//    the one connection that something else holds is what people look for. The groups on a cycle
//    come first, then as the edges do.
// 3. Edges: all references between shown objects, one edge a pair of nodes; what is referred to
//    but not shown is counted.
//
// Cost: the edges of the shown objects twice, merged ones included, and those of referrers for
// kBackrefs; never more than most_edges each time, and what is not looked at is said. One pass over
// the roots; memory 4 bytes a node of the graph.
//
// Invariants
//  1. At most max_nodes nodes, and the rest of a cycle of at most kLongestCycle; each object is in
//     one of them at most.
//  2. Every reference between two shown objects is in an edge, unless `is_partial` of one says that
//     its references were not all looked at.
//  3. What is missing is counted: left_out of nodes and of the picture, hidden_edges.
//  4. Texts are printable UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/reverse_edges.hpp"
#include "graph/heap_graph.hpp"
#include "report/object_names.hpp"

namespace ouro::report {

enum class Direction {
  kRefs,      ///< what the starts refer to
  kBackrefs,  ///< what refers to the starts
};
enum class WeakEdges { kShown, kHidden };
/// kHidden: of objects to their types, and to classes and modules, unless a start is one: most
/// objects lead to them in a step or two, and from there to the whole program.
enum class ClassEdges { kHidden, kShown };

struct PictureOptions {
  Direction direction = Direction::kRefs;
  std::size_t max_depth = 3;
  std::size_t max_nodes = 60;     ///< precondition: not 0
  std::size_t max_children = 10;  ///< nodes found from one node
  WeakEdges weak_edges = WeakEdges::kShown;
  ClassEdges class_edges = ClassEdges::kHidden;
  std::uint64_t most_edges = 1u << 23;
};

inline constexpr std::size_t kLongestCycle = 12;

/// Several roots of a node, as one: "thread 1, local conn".
struct PictureRoots {
  std::string text;            ///< the first few names, or kinds of those without; "" without roots
  std::uint64_t count = 0;     ///< how many roots
  std::uint64_t left_out = 0;  ///< of them, those that the text does not name
};

/// An object, or several that are alike.
struct PictureNode {
  graph::NodeIndex node = graph::kNoNode;  ///< the first of them
  std::uint64_t count = 1;
  std::string name;                              ///< "Monster#1", or of several "Monster"
  std::string type;                              ///< with its module
  std::string preview;                           ///< of one object; may be empty
  std::uint64_t size_bytes = 0;                  ///< of all of them
  std::optional<std::uint64_t> reference_count;  ///< where it is known and all have the same
  bool is_immortal = false;                      ///< the reference count says nothing
  bool is_start = false;
  bool is_in_cycle = false;
  std::size_t depth = 0;
  std::size_t parent = 0;        ///< the node it was found from; itself for a start
  bool is_found_weakly = false;  ///< by a weak reference
  std::uint64_t left_out = 0;    ///< objects it leads to, in the direction, that no node has
  bool is_partial = false;  ///< it has more edges than were looked at, so perhaps more of these
  PictureRoots roots;

  bool is_merged() const { return count > 1; }
};

/// All references from the objects of a node to those of another. Always as in the heap: of
/// kBackrefs too the referrer is `from`.
struct PictureEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::string label;  ///< ".monsters[0..97]"
  std::uint64_t count = 0;
  bool is_weak = false;
  bool is_in_cycle = false;
};

struct ReferencePicture {
  Direction direction = Direction::kRefs;
  std::vector<PictureNode> nodes;  ///< starts first, then by depth, those of a long cycle last
  std::vector<PictureEdge> edges;  ///< by `from`
  std::uint64_t left_out_starts = 0;
  /// References of and to classes and modules that ClassEdges::kHidden left out.
  std::uint64_t hidden_edges = 0;
};

/// Preconditions: the graph has all its parts; for kBackrefs `reverse` is of the graph, of kAll or
/// kOwned edges, else it may be null. Starts may repeat. `names` is of the graph.
ReferencePicture picture_of_references(const graph::HeapGraph& graph, const ObjectNames& names,
                                       const analysis::ReverseEdges* reverse,
                                       std::span<const graph::NodeIndex> starts,
                                       const PictureOptions& options = {});

}  // namespace ouro::report
