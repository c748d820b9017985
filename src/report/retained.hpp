// `ouro retained`: which objects would free the most memory if they went.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "analysis/amount.hpp"
#include "analysis/package_shares.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"
#include "report/places.hpp"

namespace ouro::report {

struct RetainedRow {
  graph::NodeIndex node = graph::kNoNode;
  std::uint64_t retained_bytes = 0;
};

struct RetainedView {
  std::uint64_t whole_bytes = 0;  ///< of all that roots reach
  /// The object asked about, or kNoNode: then the rows are the greatest of the heap, and else those
  /// that it holds alone.
  graph::NodeIndex of = graph::kNoNode;
  std::uint64_t retained_bytes = 0;          ///< by `of`
  std::vector<graph::NodeIndex> dominators;  ///< of `of`, the nearest first
  std::vector<RetainedRow> rows;
  /// Of a Python heap as a whole: how much which package holds alone, by falling bytes.
  std::vector<analysis::PackageShare> packages;
};

/// Of an object, or with kNoNode of the heap; at most `most_rows` rows (0: all). Needs all parts.
/// kNotFound: no root leads to the object. Cost: that of the dominator tree.
Result<RetainedView> retained_view(const graph::HeapGraph& graph, const ObjectNames& names,
                                   graph::NodeIndex node, std::size_t most_rows,
                                   Progress* progress = nullptr);

std::string to_text(const RetainedView& view, const graph::HeapGraph& graph, const Places& places,
                    const ObjectNames& names, std::size_t width);
Json to_json(const RetainedView& view, const Places& places, const ObjectNames& names);

/// What several objects hold together.
std::string set_text(std::size_t set_size, const analysis::Amount& retained,
                     const std::string& query, std::size_t width);
Json set_json(std::size_t set_size, const analysis::Amount& retained, const std::string& query);

}  // namespace ouro::report
