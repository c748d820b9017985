// `ouro report`: the answer first: what probably leaks, who holds it, what to cut; then the figures
// behind it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/cycles_of_heap.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/piles.hpp"
#include "graph/heap_graph.hpp"
#include "report/garbage.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"
#include "report/places.hpp"
#include "report/top.hpp"
#include "report/why.hpp"

namespace ouro::report {

struct SuspectView {
  analysis::LeakSuspect suspect;
  std::string sentence;          ///< the reason, for people
  std::optional<WhyPath> path;   ///< from a root to the node that holds it
  std::string accumulated_type;  ///< "Connection"
};

/// Many objects of one class that one object refers to (analysis/piles.hpp), or very many that
/// objects alike refer to (analysis/scattered.hpp), of which the pile's holder is one.
struct PileView {
  analysis::Pile pile;
  std::string type;
  std::string place;  ///< "app._CONNECTIONS", "300 of type list, such as plugin_1.data"
  std::uint64_t holder_count = 1;
};

/// Objects that roots of kind "outside" hold: many of one type are a container that the snapshot
/// does not see into, such as a std::map of references.
struct HeldWithoutName {
  std::uint64_t objects = 0;
  std::string most_type;  ///< of most of them
  std::uint64_t of_most_type = 0;
};
HeldWithoutName held_without_name(const graph::HeapGraph& graph);

struct LeakReport {
  Top top;
  std::vector<SuspectView> suspects;
  std::vector<PileView> piles;  ///< the first of pile_count
  std::uint64_t pile_count = 0;
  analysis::CyclesOfHeap cycles;
  GarbageView garbage;
  HeldWithoutName held_without_name;
  std::uint64_t unexplained_objects = 0;
};

/// "The list `_CONNECTIONS` of module `app` alone holds 40,000 objects of type Connection: 120.0
/// MiB, 87.1 % of the heap."
std::string sentence_of(const analysis::LeakSuspect& suspect, const graph::HeapGraph& graph,
                        const Places& places);

std::string to_text(const LeakReport& report, const graph::HeapGraph& graph,
                    const ObjectNames& names, std::size_t width);
Json to_json(const LeakReport& report, const graph::HeapGraph& graph, const ObjectNames& names);

}  // namespace ouro::report
