// A short cycle that stands for a strongly connected component.
//
// Breadth first from every node until an edge leads back to it; searches go no deeper than the
// shortest cycle found so far. The shortest wins; of equally short ones, one found from each node
// they go through, the form found most often: a Dungeon with a boss and a hundred monsters stands
// for its monsters. Of equally frequent ones the form first met.
//
// A component is searched from all nodes unless that takes more than kMostSteps steps, which does
// not happen below some hundred nodes. In larger ones the nodes the search begins at are spread
// over the component, the cycle found is the shortest through those, and `is_shortest` is false.
//
// Time: O(nodes * edges) of the component, at most O(edges + kMostSteps). Memory: 4 bytes a node of
// the largest component, and 12 for each node of one search.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "analysis/component_graph.hpp"
#include "analysis/cycle_form.hpp"

namespace ouro::analysis {

struct ShortCycle {
  /// Places in ComponentGraph::edges, each edge beginning where the one before ends. Its first
  /// edges are those of `form`.
  std::vector<std::uint32_t> edges;
  CycleForm form;
  bool is_shortest = true;
};

class ShortCycleSearch {
 public:
  static constexpr std::uint64_t kMostSteps = 1u << 22;

  explicit ShortCycleSearch(std::uint64_t most_steps = kMostSteps) : most_steps_(most_steps) {}

  /// Precondition: strongly connected, with at least one edge.
  ShortCycle find(const ComponentGraph& component);

 private:
  struct Found {
    std::uint32_t node;
    std::uint32_t before;  ///< place in found_
    std::uint32_t edge;    ///< by which it was found
  };
  struct Tally {
    std::uint64_t times = 0;
    std::uint32_t order = 0;
    std::vector<std::uint32_t> edges;
  };

  bool find_through(const ComponentGraph& component, std::uint32_t start);
  bool expand(const ComponentGraph& component, std::uint32_t start, std::uint32_t place);
  void take(const ComponentGraph& component, std::uint32_t place, std::uint32_t closing_edge);
  ShortCycle most_frequent() const;

  std::uint64_t most_steps_;
  std::uint64_t steps_ = 0;
  std::uint32_t search_ = 0;                ///< number of the current search, from 1
  std::vector<std::uint32_t> last_search_;  ///< by node: that which found it last
  std::vector<Found> found_;
  std::vector<std::uint32_t> cycle_;
  std::size_t shortest_ = 0;
  std::map<CycleForm, Tally> tally_by_form_;  ///< of the cycles of the shortest length
};

}  // namespace ouro::analysis
