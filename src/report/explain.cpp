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

/// Names of the roots that are cells with the node in them.
std::vector<graph::StringIndex> names_of_cells(const graph::HeapGraph& graph,
                                               graph::NodeIndex node) {
  std::vector<graph::StringIndex> names;
  for (const graph::Root& root : graph.roots()) {
    if (root.node == node || !is_cell(graph, root.node)) continue;
    const auto targets = graph.targets(root.node);
    if (std::ranges::find(targets, node) != targets.end()) names.push_back(root.name);
  }
  return names;
}

/// Roots of the node, of which a path says one at most.
struct RootsOfNode {
  std::uint64_t count = 0;
  std::vector<WhyRoot> others;  ///< that no path begins at, at most so many
  bool is_cut = false;
};

/// Without the variables that stand in a cell: the reference from the cell is what holds.
RootsOfNode roots_of(const graph::HeapGraph& graph, graph::NodeIndex node,
                     const std::vector<analysis::Path>& paths, std::size_t most) {
  const std::vector<graph::StringIndex> in_cells = names_of_cells(graph, node);
  const auto is_said = [&](std::size_t place) {
    return std::ranges::any_of(paths, [&](const analysis::Path& path) {
      return path.edges.empty() && path.start_index == place;
    });
  };
  RootsOfNode found;
  for (std::size_t at = 0; at < graph.roots().size(); ++at) {
    const graph::Root& root = graph.roots()[at];
    if (root.node != node) continue;
    if (is_said(at)) {
      ++found.count;
    } else if (std::ranges::find(in_cells, root.name) == in_cells.end()) {
      ++found.count;
      found.is_cut = found.others.size() == most;
      if (found.is_cut) continue;
      found.others.push_back(
          {std::string(name_of(root.kind)), std::string(graph.string(root.name))});
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
  why.is_cut = found.paths.size() >= most || roots.is_cut;
  why.has_all_paths = !why.is_cut;
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
  const std::size_t most = question.most_paths == 0 ? graph::kNoNode : question.most_paths;
  const analysis::SeveralPaths several =
      analysis::several_paths(forest, reverse, node, most, question.distinct);
  why.is_complete = several.is_complete;
  for (const analysis::Path& path : several.paths) why.paths.push_back(readable(graph, path));
  RootsOfNode roots = roots_of(graph, node, several.paths, most);
  why.holder_count = reverse.in_degree(node) + roots.count;
  why.is_by_holder = false;
  why.is_cut = several.paths.size() >= most;
  if (question.distinct == analysis::Distinct::kRoots) {
    why.other_roots = std::move(roots.others);
    why.is_cut = why.is_cut || roots.is_cut;
  }
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
