#include "analysis/paths_of_holders.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include "analysis/edge_filter.hpp"
#include "analysis/nearest_first.hpp"
#include "analysis/node_set.hpp"
#include "analysis/progress_step.hpp"
#include "base/sort_stably.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

struct Reference {
  NodeIndex holder;
  bool is_moved;  ///< behind those of the holder itself
  EdgeIndex edge;
};

/// By holder, those of each in the order it has them.
std::vector<Reference> references_to(const FoldedReferences& all, const EdgeSelection& owned,
                                     NodeIndex node, Progress* progress) {
  const auto targets = all.graph().all_targets();
  ProgressStep step(progress, "references to the object", targets.size());
  std::vector<Reference> references;
  for (EdgeIndex edge = 0; edge < targets.size(); ++edge) {
    if (targets[edge] == node && owned.has(edge)) {
      references.push_back({all.source(edge), all.is_moved(edge), edge});
    }
    step.at(edge);
  }
  if (!all.has_namespaces()) return references;  // sorted: edges are by source
  sort_stably(references, {},
              [](const Reference& one) { return std::pair(one.holder, one.is_moved); });
  return references;
}

struct ReachedHolder {
  std::uint32_t distance;
  NodeIndex node;
  EdgeIndex edge;  ///< its first reference to the object
};

/// Those that something else keeps alive, the nearest first.
std::vector<ReachedHolder> reached_holders(const NearestFirst& search, NodeIndex node,
                                           const std::vector<Reference>& references) {
  std::vector<ReachedHolder> holders;
  for (const Reference& one : references) {
    const bool is_repeated = !holders.empty() && holders.back().node == one.holder;
    if (one.holder == node || is_repeated || !search.is_reached(one.holder)) continue;
    holders.push_back({search.distance(one.holder), one.holder, one.edge});
  }
  std::ranges::sort(holders, {}, [](const ReachedHolder& holder) {
    return std::tuple(holder.distance, holder.node);
  });
  return holders;
}

std::vector<Path> cycles_of(const FoldedReferences& all, const EdgeSelection& owned,
                            const NearestFirst& around, NodeIndex node,
                            const std::vector<Reference>& references, Progress* progress) {
  constexpr std::size_t kMostCycles = 3;
  std::vector<Reference> own;
  NodeSet sources(all.graph().node_count());
  std::size_t source_count = 0;
  for (const Reference& one : references) {
    if (own.size() == kMostCycles) break;
    if (one.holder != node && around.is_reached(one.holder)) continue;
    own.push_back(one);
    source_count += sources.insert(one.holder) ? 1u : 0u;
  }
  if (own.empty()) return {};
  NearestFirst search(all, owned, graph::kNoNode);
  search.add_start(node, 0);
  search.search(sources, source_count, progress);
  std::vector<Path> cycles;
  for (const Reference& one : own) {
    if (!search.is_reached(one.holder)) continue;
    cycles.push_back(search.path_to(one.holder));
    cycles.back().edges.push_back(one.edge);
  }
  return cycles;
}

}  // namespace

PathsOfHolders paths_of_holders(const FoldedReferences& all, NodeIndex node, std::size_t most_paths,
                                Progress* progress) {
  const HeapGraph& graph = all.graph();
  const EdgeSelection owned(graph, EdgeFilter::kOwned);
  const std::vector<Reference> references = references_to(all, owned, node, progress);
  PathsOfHolders found;
  NodeSet holders(graph.node_count());
  std::size_t holder_count = 0;
  for (const Reference& one : references) {
    found.references.push_back(one.edge);
    if (one.holder != node) holder_count += holders.insert(one.holder) ? 1u : 0u;
  }

  NearestFirst search(all, owned, node);
  bool is_root = false;
  const auto roots = graph.roots();
  for (std::uint32_t at = 0; at < roots.size(); ++at) {
    search.add_start(roots[at].node, at);
    is_root = is_root || roots[at].node == node;
  }
  if (is_root && most_paths > 0) found.paths.push_back(search.path_to(node));
  search.search(holders, std::min(holder_count, most_paths - found.paths.size()), progress);
  for (const ReachedHolder& holder : reached_holders(search, node, references)) {
    if (found.paths.size() >= most_paths) break;
    Path path = search.path_to(holder.node);
    path.edges.push_back(holder.edge);
    found.paths.push_back(std::move(path));
  }
  if (!found.paths.empty() && found.paths.size() < most_paths) {
    found.cycles = cycles_of(all, owned, search, node, references, progress);
  }
  return found;
}

}  // namespace ouro::analysis
