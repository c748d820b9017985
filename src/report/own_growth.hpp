// Of a diff, what its reader looks for first: which of the program's own classes grew, what their
// new objects keep alive, and where they are.
//
//   +500 Connection, with all they hold +2.2 MiB, in __main__._CONNECTIONS
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/diff.hpp"
#include "base/progress.hpp"
#include "report/places.hpp"

namespace ouro::report {

struct OwnGrowth {
  std::string type;
  std::int64_t objects = 0;      ///< more than before
  std::uint64_t held_bytes = 0;  ///< what the new ones retain; if no root leads to one, its own
  std::string place;             ///< where most of them are; may be empty
};

/// "__main__._CONNECTIONS", where one object holds most of the new ones; "Connection.sock", where
/// each has a holder of its own; "(not reached)", where no root leads to most of them.
std::string place_of_new(const analysis::Diff& diff, const analysis::TypeGrowth& row,
                         const Places& places, const ObjectNames& names);

/// By falling held bytes. Of graphs of CPython; of others nothing. `after`: the second snapshot,
/// with all parts. Cost: that of the dominator tree.
std::vector<OwnGrowth> own_growth(const analysis::Diff& diff, const graph::HeapGraph& after,
                                  const Places& places, const ObjectNames& names,
                                  Progress* progress = nullptr);

}  // namespace ouro::report
