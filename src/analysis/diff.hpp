// What has become of a heap between two snapshots: by type, by shape, by path.
//
//   by type    dict            +1,200 objects    +290 kB      1,300 new, 100 gone
//   by shape   dict [] -> Connection             1,000 new    what refers to new objects, and how
//   by path    app.cache[]             +990 Connection    one line for a growing list, with the
//                                                         object that holds most
//
// Identity: an object is the same in both if it has the same address and type. Its size does not
// matter, since a list that grows stays itself. The limit of this: memory is used again, so an
// object that went and another of the same type that came to its address count as one. So `new` and
// `gone` may both be too low by the same number, which leaves all differences exact. Graphs without
// addresses have nothing in common: then all of one are gone and all of the other are new.
//
// Algorithm: both are sorted by address and type (mostly they are already) and merged, snapshots of
// more than 4M objects in ranges of addresses, so that this takes 128 MiB at most. Then the new
// objects, and the gone ones in the first snapshot, are counted at the path by which they are
// reached first, path_shapes.hpp.
//
// Time: O(nodes log nodes + edges). Memory: 16 bytes a node of both for the merge, up to
// 128 MiB, then 16 a node of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/amount.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// The object through which most of some new objects are reached, in the second snapshot.
struct Holder {
  graph::NodeIndex node = graph::kNoNode;  ///< kNoNode where only roots hold them
  std::uint64_t count = 0;                 ///< how many of them
};

struct TypeGrowth {
  std::string type;
  Amount before;
  Amount after;
  Amount appeared;
  Amount gone;
  Holder holder;
  Amount unreached = {};  ///< of the new ones, those that no root leads to

  std::int64_t growth_count() const;
  std::int64_t growth_bytes() const;
};

struct ShapeGrowth {
  std::string holder_type;  ///< empty where a root holds them
  std::string shape;        ///< ".cache", "[]"; of a root: its kind and name
  std::string type;
  Amount appeared;
};

struct PathGrowth {
  std::string path;
  std::string type;
  Amount appeared;
  Amount gone;
  graph::NodeIndex example = graph::kNoNode;  ///< a new one, in the second snapshot
  Holder holder;

  std::int64_t growth_count() const;
  std::int64_t growth_bytes() const;
};

struct Diff {
  Amount before;
  Amount after;
  Amount appeared;
  Amount gone;
  /// Of `before` and `after`, what no root leads to: garbage in cycles that waits for the
  /// collector, where a snapshot has roots for all that is held from outside.
  Amount unreached_before;
  Amount unreached_after;
  std::vector<TypeGrowth> types;    ///< all that occur, by falling growth in bytes, then by name
  std::vector<ShapeGrowth> shapes;  ///< by falling bytes of new objects
  std::vector<PathGrowth> paths;    ///< by falling growth in bytes, then by path
  std::vector<graph::NodeIndex> appeared_nodes;  ///< in the second snapshot, rising
  std::vector<graph::NodeIndex> gone_nodes;      ///< in the first, rising
};

struct DiffOptions {
  /// Of `shapes` and `paths`; holders are found for so many types.
  std::size_t most_rows = 100;
  /// Objects of a snapshot that are sorted at a time, 16 bytes each; of larger ones a range of
  /// addresses after the other, with a look at all addresses for each.
  std::size_t most_at_once = std::size_t{1} << 22;
};

/// Needs all parts of both graphs but kNodeTexts.
Diff diff(const graph::HeapGraph& before, const graph::HeapGraph& after, DiffOptions options = {},
          Progress* progress = nullptr);

}  // namespace ouro::analysis
