// Why an object is alive: the paths that `ouro why` shows.
#pragma once

#include <cstddef>

#include "analysis/folded_references.hpp"
#include "analysis/several_paths.hpp"
#include "base/progress.hpp"
#include "report/why.hpp"

namespace ouro::report {

struct WhyQuestion {
  /// What each path has of its own: a holder of the object, a root, a kind of root.
  analysis::Distinct distinct = analysis::Distinct::kHolders;
  std::size_t most_paths = 3;  ///< 0: all
};

/// Needs all parts. Cost: a pass over the references and a search from the roots, which ends at the
/// holders; of roots a folded graph, all shortest paths and the reverse edges.
Why explain(const analysis::FoldedReferences& references, graph::NodeIndex node,
            const ObjectNames& names, const WhyQuestion& question = {},
            Progress* progress = nullptr);

}  // namespace ouro::report
