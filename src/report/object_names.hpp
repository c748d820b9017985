// How people name objects: by type and rank, `Connection#1`, or by address, `0x7f3a10`. Ranks count
// the objects of a type from 1 in the order of the file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/heap_graph.hpp"
#include "report/json.hpp"

namespace ouro::report {

/// Cost: one pass over the types, and 4 bytes a node.
class ObjectNames {
 public:
  explicit ObjectNames(const graph::HeapGraph& graph);

  /// "Connection#3"; with the module only where types of several modules share the name.
  std::string name(graph::NodeIndex node) const;
  /// The name, and what the object shows of itself: `str#12 'alice'`.
  std::string described(graph::NodeIndex node) const;
  /// {"name": ..., "address": ..., "type": ..., "size_bytes": ..., "count": ...}
  Json json(graph::NodeIndex node) const;

  /// "Connection" or "server.Connection".
  std::string type_name(graph::TypeIndex type) const { return type_names_[type]; }

 private:
  const graph::HeapGraph& graph_;
  std::vector<std::string> type_names_;
  std::vector<std::uint32_t> rank_by_node_;
};

}  // namespace ouro::report
