#include "report/explain.hpp"

#include <algorithm>

#include "analysis/fold_namespaces.hpp"
#include "analysis/paths_of_holders.hpp"
#include "analysis/reverse_edges.hpp"
#include "analysis/shortest_paths.hpp"

namespace ouro::report {

namespace {

/// What refers to the node: one reference each, at most `most` of them.
std::vector<WhyStep> referrers(const analysis::FoldedReferences& all,
                               const std::vector<graph::EdgeIndex>& references, std::size_t most) {
  std::vector<WhyStep> steps;
  for (const graph::EdgeIndex edge : references) {
    const graph::NodeIndex source = all.source(edge);
    if (!steps.empty() && steps.back().node == source) continue;
    if (steps.size() == most) break;
    steps.push_back({all.label(edge), source});
  }
  return steps;
}

std::uint64_t count_roots(const graph::HeapGraph& graph, graph::NodeIndex node) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      graph.roots(), [node](const graph::Root& root) { return root.node == node; }));
}

/// Roots of the node that no path begins at: a root that is the node itself is said once.
std::vector<WhyRoot> other_roots(const graph::HeapGraph& graph, graph::NodeIndex node,
                                 const std::vector<analysis::Path>& paths, std::size_t most) {
  const auto is_said = [&](std::size_t place) {
    return std::ranges::any_of(paths, [&](const analysis::Path& path) {
      return path.edges.empty() && path.start_index == place;
    });
  };
  std::vector<WhyRoot> others;
  for (std::size_t at = 0; at < graph.roots().size() && others.size() < most; ++at) {
    const graph::Root& root = graph.roots()[at];
    if (root.node != node || is_said(at)) continue;
    others.push_back({std::string(name_of(root.kind)), std::string(graph.string(root.name))});
  }
  return others;
}

/// A path through each holder: without reverse edges, so that the graph may exceed the memory.
Why explain_holders(const analysis::FoldedReferences& references, graph::NodeIndex node,
                    const ObjectNames& names, std::size_t most_rows, Progress* progress) {
  const std::size_t most = most_rows == 0 ? graph::kNoNode : most_rows;
  const analysis::PathsOfHolders found =
      analysis::paths_of_holders(references, node, most, progress);
  Why why;
  why.node = node;
  why.holder_count = found.references.size() + count_roots(references.graph(), node);
  for (const analysis::Path& path : found.paths) why.paths.push_back(readable(references, path));
  why.other_roots = other_roots(references.graph(), node, found.paths, most);
  why.has_all_paths = found.paths.size() < most && why.other_roots.size() < most;
  for (const analysis::Path& cycle : found.cycles) {
    why.cycles.push_back(way_of(references, cycle, names));
  }
  constexpr std::size_t kMostReferrers = 10;
  if (why.paths.empty()) why.holders = referrers(references, found.references, kMostReferrers);
  return why;
}

/// A path from each root, or from each kind of root.
Why explain_roots(const analysis::FoldedReferences& references, graph::NodeIndex node,
                  const ObjectNames& names, const WhyQuestion& question, Progress* progress) {
  const graph::HeapGraph graph = references.has_namespaces()
                                     ? analysis::fold_namespaces(references.graph())
                                     : references.graph();
  const auto forest = analysis::ShortestPaths::from_roots(graph, progress);
  if (!forest.is_reached(node))
    return explain_holders(references, node, names, question.most_paths, progress);
  const analysis::ReverseEdges reverse(graph, analysis::EdgeFilter::kOwned, progress);
  Why why;
  why.node = node;
  why.holder_count = reverse.in_degree(node) + count_roots(graph, node);
  const std::size_t most = question.most_paths == 0 ? graph::kNoNode : question.most_paths;
  const analysis::SeveralPaths several =
      analysis::several_paths(forest, reverse, node, most, question.distinct);
  why.is_complete = several.is_complete;
  for (const analysis::Path& path : several.paths) why.paths.push_back(readable(graph, path));
  return why;
}

}  // namespace

Why explain(const analysis::FoldedReferences& references, graph::NodeIndex node,
            const ObjectNames& names, const WhyQuestion& question, Progress* progress) {
  return question.distinct == analysis::Distinct::kHolders
             ? explain_holders(references, node, names, question.most_paths, progress)
             : explain_roots(references, node, names, question, progress);
}

}  // namespace ouro::report
