// `ouro diff`: what grew between two snapshots, where it is, and who holds it.
#pragma once

#include <cstddef>
#include <string>

#include "analysis/diff.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"

namespace ouro::report {

/// `names` are of the second snapshot. At most `most_rows` of each table (0: all).
std::string diff_text(const analysis::Diff& diff, const ObjectNames& names, std::size_t most_rows,
                      std::size_t width);
Json diff_json(const analysis::Diff& diff, const ObjectNames& names, std::size_t most_rows);

}  // namespace ouro::report
