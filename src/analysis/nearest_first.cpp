#include "analysis/nearest_first.hpp"

#include <algorithm>

#include <ouro/base/assert.hpp>

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

NearestFirst::NearestFirst(const FoldedReferences& references, const EdgeSelection& owned,
                           NodeIndex around)
    : references_(references),
      owned_(owned),
      around_(around),
      reached_(references.graph().node_count()) {}

void NearestFirst::add_start(NodeIndex node, std::uint32_t start_index) {
  if (reached_.insert(node)) starts_.push_back({node, start_index});
}

void NearestFirst::search(const NodeSet& wanted, std::size_t enough, Progress* progress) {
  ProgressStep step(progress, "shortest paths", references_.graph().node_count());
  for (Place level = 0; level < end();) {
    // All of this distance are in the queue.
    const Place level_end = end();
    level_begins_.push_back(level);
    for (Place place = level; place < level_end; ++place) {
      const NodeIndex node = node_at(place);
      if (wanted.contains(node)) wanted_places_.emplace_back(node, place);
    }
    if (wanted_places_.size() >= enough) break;
    for (; level < level_end; ++level) {
      const NodeIndex node = node_at(level);
      if (node != around_) reach_from(node, level);
      step.at(level);
    }
  }
  std::ranges::sort(wanted_places_);
}

void NearestFirst::reach_from(NodeIndex node, Place place) {
  const HeapGraph& graph = references_.graph();
  references_.for_each(node, [&](EdgeIndex edge) {
    const NodeIndex target = graph.target(edge);
    if (!owned_.has(edge) || !reached_.insert(target)) return;
    if (graph.edges_begin(target) != graph.edges_end(target)) queue_.push_back({edge, place});
  });
}

NodeIndex NearestFirst::node_at(Place place) const {
  if (place < starts_.size()) return starts_[place].node;
  return references_.graph().target(queue_[place - static_cast<Place>(starts_.size())].edge);
}

NearestFirst::Place NearestFirst::place_of(NodeIndex node) const {
  const auto wanted = std::ranges::lower_bound(wanted_places_, std::pair(node, Place{0}));
  if (wanted != wanted_places_.end() && wanted->first == node) return wanted->second;
  const auto start = std::ranges::find(starts_, node, &Start::node);
  OURO_ASSERT(start != starts_.end(), "the node was wanted and reached, or is a start");
  return static_cast<Place>(start - starts_.begin());
}

std::uint32_t NearestFirst::distance(NodeIndex node) const {
  const auto level = std::ranges::upper_bound(level_begins_, place_of(node));
  return static_cast<std::uint32_t>(level - level_begins_.begin()) - 1;
}

Path NearestFirst::path_to(NodeIndex node) const {
  Path path;
  Place place = place_of(node);
  while (place >= starts_.size()) {
    const Found& found = queue_[place - static_cast<Place>(starts_.size())];
    path.edges.push_back(found.edge);
    place = found.source;
  }
  std::ranges::reverse(path.edges);
  path.start = starts_[place].node;
  path.start_index = starts_[place].index;
  return path;
}

}  // namespace ouro::analysis
