// `ouro cycles`: which reference cycles there are, and which reference to cut.
#pragma once

#include <cstddef>
#include <string>

#include "analysis/cycles.hpp"
#include "analysis/cycles_of_heap.hpp"
#include "graph/heap_graph.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"

namespace ouro::report {

/// The shapes, most bytes first, at most `most_rows` of them (0: all).
std::string cycles_text(const analysis::Cycles& cycles, const graph::HeapGraph& graph,
                        const ObjectNames& names, std::size_t most_rows, std::size_t width);
/// The same, and a word on cycles that were left out: `all` says how to see them.
std::string cycles_text(const analysis::CyclesOfHeap& of_heap, const graph::HeapGraph& graph,
                        const ObjectNames& names, std::size_t most_rows, std::size_t width,
                        const std::string& all = "--all");
Json cycles_json(const analysis::Cycles& cycles, const graph::HeapGraph& graph,
                 const ObjectNames& names, std::size_t most_rows);

/// "Monster.dungeon": the reference to cut, as a person names it.
std::string cut_of(const analysis::CycleShape& shape);
/// The same; ", and others" behind it where that alone frees nothing.
std::string cut_words(const analysis::CycleShape& shape);

}  // namespace ouro::report
