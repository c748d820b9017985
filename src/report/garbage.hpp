// `ouro garbage`: what the cycle collector would free now, and counts that nothing explains.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/amount.hpp"
#include "analysis/garbage.hpp"
#include "analysis/unexplained_counts.hpp"
#include "graph/heap_graph.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"

namespace ouro::report {

struct GarbageRow {
  std::string type;
  analysis::Amount amount;
  graph::NodeIndex example = graph::kNoNode;
};

struct GarbageView {
  analysis::Amount garbage;
  analysis::Amount held_by_garbage;
  std::uint64_t candidate_count = 0;
  std::vector<GarbageRow> rows;  ///< of both, by falling bytes
  std::vector<analysis::NegativeCount> errors;
};

GarbageView garbage_view(const analysis::Garbage& garbage, const graph::HeapGraph& graph);

std::string to_text(const GarbageView& view, const ObjectNames& names, std::size_t most_rows,
                    std::size_t width);
Json to_json(const GarbageView& view, const ObjectNames& names, std::size_t most_rows);

std::string unexplained_text(const analysis::UnexplainedCounts& counts,
                             const graph::HeapGraph& graph, const ObjectNames& names,
                             std::size_t most_rows, std::size_t width);
Json unexplained_json(const analysis::UnexplainedCounts& counts, const graph::HeapGraph& graph,
                      const ObjectNames& names, std::size_t most_rows);

}  // namespace ouro::report
