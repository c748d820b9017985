// How people name objects: by type and rank, `Connection#1`, or by address, `0x7f3a10`. Ranks count
// the objects of a type from 1 in the order of the file.
//
// Ranks are not kept but counted when asked for. Of each block of 512 nodes the table has the types
// that occur in it, with how many objects of the type came before; the rest is counted in the
// block:
//
//   block        0                     1                     2
//   types met    str 0, dict 0         str 300, tuple 0      dict 212, tuple 100 ...
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/heap_graph.hpp"
#include "report/json.hpp"

namespace ouro::report {

/// Cost: one pass over the types, then at most 512 types looked at for a name; 8 bytes for each
/// type of each block, which is 0.2 bytes a node in a CPython heap.
class ObjectNames {
 public:
  explicit ObjectNames(const graph::HeapGraph& graph);

  /// "Connection#3"; with the module only where types of several modules share the name.
  std::string name(graph::NodeIndex node) const;
  /// The name, and what the object shows of itself: `str#12 'alice'`.
  std::string described(graph::NodeIndex node) const;
  /// {"name": ..., "node": ..., "address": ..., "type": ..., "size_bytes": ..., "count": ...}
  Json json(graph::NodeIndex node) const;

  /// "Connection" or "server.Connection".
  std::string type_name(graph::TypeIndex type) const { return type_names_[type]; }

 private:
  /// How many objects of the type stand before the block.
  struct CountBefore {
    graph::TypeIndex type;
    std::uint32_t count;
  };

  void name_types();
  void count_blocks();
  /// 0 where the type is not in the graph's table.
  std::uint32_t rank(graph::NodeIndex node) const;

  const graph::HeapGraph& graph_;
  std::vector<std::string> type_names_;
  std::vector<std::uint32_t> block_begins_;  ///< in counts_, by block; one more at the end
  std::vector<CountBefore> counts_;
};

}  // namespace ouro::report
