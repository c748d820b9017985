// The objects that a person names (analysis/query.hpp), or a word on what there is instead.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "graph/heap_graph.hpp"

namespace ouro::report {

/// The first `most` objects that fit, at least one; checks the parts of the graph that it needs.
/// kUnsupported: the query is not understood. kNotFound: no object fits; the message has the
/// nearest names. Others: the graph's file is damaged.
Result<std::vector<graph::NodeIndex>> find_objects(const graph::HeapGraph& graph,
                                                   const std::string& query,
                                                   std::size_t most = static_cast<std::size_t>(-1));

}  // namespace ouro::report
