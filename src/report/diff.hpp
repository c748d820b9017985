// `ouro diff`: what grew between two snapshots, where it is, and who holds it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/diff.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"
#include "report/own_growth.hpp"
#include "report/places.hpp"

namespace ouro::report {

struct DiffView {
  analysis::Diff diff;
  std::vector<OwnGrowth> own;  ///< of a Python program
  const Places& places;        ///< in the second snapshot, as are the names
  const ObjectNames& names;
  /// As the snapshots say themselves, and they have few objects in common.
  bool is_of_two_processes = false;
};

/// For at most `most_rows` of each table (0: all). `before` needs all parts but kNodeTexts, `after`
/// all. Cost: that of analysis::diff and of the dominator tree of `after`.
DiffView diff_view(const graph::HeapGraph& before, const graph::HeapGraph& after,
                   const Places& places, const ObjectNames& names, std::size_t most_rows,
                   Progress* progress = nullptr);

/// At most `most_rows` of each table (0: all).
std::string diff_text(const DiffView& view, std::size_t most_rows, std::size_t width);
Json diff_json(const DiffView& view, std::size_t most_rows);

}  // namespace ouro::report
