// What `ouro report` says of a heap: all questions about leaks asked at once, the answers joined.
#pragma once

#include <cstddef>

#include "base/progress.hpp"
#include "report/leaks.hpp"

namespace ouro::report {

/// At most `most_suspects` of each list (0: all). Needs all parts. Cost: that of every analysis.
LeakReport find_leaks(const graph::HeapGraph& graph, const ObjectNames& names,
                      std::size_t most_suspects, Progress* progress = nullptr);

}  // namespace ouro::report
