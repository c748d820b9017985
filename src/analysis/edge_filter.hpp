// Which edges an analysis follows.
//
// EdgeSelection answers for one edge in the inner loops: a byte and a mask, and not even those
// where the graph has no edge to leave out, which one sequential look at the kinds finds out. A
// view: the graph outlives it.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::analysis {

enum class EdgeFilter : std::uint8_t {
  kAll,        ///< weak ones too
  kOwned,      ///< those that keep their target alive and count in its count
  kTraversed,  ///< those the cycle collector sees
};

/// Whether the filter lets an edge of the kind pass.
constexpr bool passes(EdgeFilter filter, graph::EdgeKind kind) {
  switch (filter) {
    case EdgeFilter::kOwned:
      return kind.is_owned();
    case EdgeFilter::kTraversed:
      return kind.is_traversed();
    default:
      return true;
  }
}

class EdgeSelection {
 public:
  EdgeSelection(const graph::HeapGraph& graph, EdgeFilter filter);

  bool has(graph::EdgeIndex edge) const {
    return kinds_ == nullptr || (kinds_[edge] & left_out_) == 0;
  }
  /// No edge is left out.
  bool has_all() const { return kinds_ == nullptr; }

 private:
  std::uint8_t left_out_ = 0;             ///< bits of EdgeKind
  const std::uint8_t* kinds_ = nullptr;   ///< null: no edge is left out
  std::vector<std::uint8_t> kinds_copy_;  ///< where the graph's column is wider than a byte
};

}  // namespace ouro::analysis
