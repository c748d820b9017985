#include "report/reference_cycle.hpp"

#include <algorithm>
#include <unordered_set>

namespace ouro::report {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

struct Found {
  NodeIndex node;
  std::size_t from;    ///< place of the node it was found from
  std::size_t length;  ///< edges from the start
};

std::vector<NodeIndex> way_to(const std::vector<Found>& found, std::size_t place) {
  std::vector<NodeIndex> way;
  for (; place != 0; place = found[place].from) way.push_back(found[place].node);
  way.push_back(found[0].node);
  std::ranges::reverse(way);
  return way;
}

}  // namespace

std::vector<NodeIndex> shortest_cycle(const HeapGraph& graph, NodeIndex start,
                                      const std::function<bool(EdgeIndex)>& is_followed,
                                      const CycleLimits& limits) {
  std::vector<Found> found{{start, 0, 0}};
  std::unordered_set<NodeIndex> nodes_found{start};
  std::uint64_t edges_left = limits.most_edges;
  for (std::size_t place = 0; place < found.size(); ++place) {
    const Found from = found[place];
    if (from.length == limits.longest) break;
    for (EdgeIndex edge = graph.edges_begin(from.node); edge < graph.edges_end(from.node); ++edge) {
      if (edges_left-- == 0) return {};
      if (!is_followed(edge)) continue;
      const NodeIndex to = graph.target(edge);
      if (to == start) return way_to(found, place);
      if (nodes_found.insert(to).second) found.push_back({to, place, from.length + 1});
    }
  }
  return {};
}

}  // namespace ouro::report
