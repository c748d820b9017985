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

/// Roots of the node, of which a path says one.
struct RootsOfNode {
  std::uint64_t count = 0;
  std::vector<WhyRoot> others;  ///< that no path begins at, at most so many
};

RootsOfNode roots_of(const graph::HeapGraph& graph, graph::NodeIndex node,
                     const std::vector<analysis::Path>& paths, std::size_t most) {
  const std::span<const graph::Root> roots = graph.roots();
  // A variable in a cell is a root of both: the way through the cell says it.
  const auto is_way_of = [&](const graph::Root& root, const analysis::Path& path) {
    return !path.edges.empty() && path.start_index < roots.size() && root.name != 0 &&
           roots[path.start_index].name == root.name;
  };
  RootsOfNode found;
  for (std::size_t at = 0; at < roots.size(); ++at) {
    if (roots[at].node != node) continue;
    const auto is_said = [&](const analysis::Path& path) {
      return path.edges.empty() && path.start_index == at;
    };
    if (std::ranges::any_of(paths, is_said)) {
      ++found.count;
    } else if (std::ranges::none_of(paths,
                                    [&](const auto& path) { return is_way_of(roots[at], path); })) {
      ++found.count;
      if (found.others.size() == most) continue;
      found.others.push_back(
          {std::string(name_of(roots[at].kind)), std::string(graph.string(roots[at].name))});
    }
  }
  return found;
}

/// A path through each holder: without reverse edges, so that the graph may exceed the memory.
Why explain_holders(const analysis::FoldedReferences& references, graph::NodeIndex node,
                    const ObjectNames& names, std::size_t most_rows, Progress* progress) {
  const std::size_t most = most_rows == 0 ? graph::kNoNode : most_rows;
  const analysis::PathsOfHolders found =
      analysis::paths_of_holders(references, node, most, progress);
  Why why;
  why.node = node;
  RootsOfNode roots = roots_of(references.graph(), node, found.paths, most);
  why.holder_count = found.references.size() + roots.count;
  for (const analysis::Path& path : found.paths) why.paths.push_back(readable(references, path));
  why.other_roots = std::move(roots.others);
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
