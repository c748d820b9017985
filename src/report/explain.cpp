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

/// Variables of the node that stand in a cell are roots of both. The reference from the cell is
/// what holds the node, and its path says the variable.
class VariablesInCells {
 public:
  VariablesInCells(const graph::HeapGraph& graph, graph::NodeIndex node) : graph_(graph) {
    for (const graph::Root& root : graph.roots()) {
      if (root.kind != graph::RootKind::kLocal || root.node == node) continue;
      if (!is_cell(graph, root.node)) continue;
      const auto targets = graph.targets(root.node);
      if (std::ranges::find(targets, node) != targets.end()) names_.push_back(root.name);
    }
  }
  bool is_any() const { return !names_.empty(); }
  bool has(const graph::Root& root) const {
    return root.kind == graph::RootKind::kLocal &&
           std::ranges::find(names_, root.name) != names_.end();
  }
  /// Lets the path of no reference begin at another root, or takes it out where there is none.
  void leave_out_of(std::vector<analysis::Path>& paths) const {
    const auto roots = graph_.roots();
    const auto path = std::ranges::find_if(paths, [&](const analysis::Path& one) {
      return one.edges.empty() && one.start_index < roots.size() && has(roots[one.start_index]);
    });
    if (path == paths.end()) return;
    for (std::uint32_t at = 0; at < roots.size(); ++at) {
      if (roots[at].node != path->start || has(roots[at])) continue;
      path->start_index = at;
      return;
    }
    paths.erase(path);
  }

 private:
  const graph::HeapGraph& graph_;
  std::vector<graph::StringIndex> names_;
};

/// Roots of the node, of which a path says one at most.
struct RootsOfNode {
  std::uint64_t count = 0;
  std::vector<WhyRoot> others;  ///< that no path begins at, at most so many
  bool is_cut = false;
};

RootsOfNode roots_of(const graph::HeapGraph& graph, graph::NodeIndex node,
                     const VariablesInCells& in_cells, const std::vector<analysis::Path>& paths,
                     std::size_t most) {
  const auto is_said = [&](std::size_t place) {
    return std::ranges::any_of(paths, [&](const analysis::Path& path) {
      return path.edges.empty() && path.start_index == place;
    });
  };
  RootsOfNode found;
  for (std::size_t at = 0; at < graph.roots().size(); ++at) {
    const graph::Root& root = graph.roots()[at];
    if (root.node != node || in_cells.has(root)) continue;
    ++found.count;
    if (is_said(at)) continue;
    found.is_cut = found.others.size() == most;
    if (found.is_cut) continue;
    found.others.push_back({std::string(name_of(root.kind)), std::string(graph.string(root.name))});
  }
  return found;
}

/// A path through each holder: without reverse edges, so that the graph may exceed the memory.
Why explain_holders(const analysis::FoldedReferences& references, graph::NodeIndex node,
                    const ObjectNames& names, std::size_t most_rows, Progress* progress) {
  const std::size_t most = most_rows == 0 ? graph::kNoNode : most_rows;
  const VariablesInCells in_cells(references.graph(), node);
  // One more, which may have to go.
  analysis::PathsOfHolders found =
      analysis::paths_of_holders(references, node, most + in_cells.is_any(), progress);
  in_cells.leave_out_of(found.paths);
  const bool is_cut = found.paths.size() >= most;
  if (found.paths.size() > most) found.paths.resize(most);
  Why why;
  why.node = node;
  RootsOfNode roots = roots_of(references.graph(), node, in_cells, found.paths, most);
  why.holder_count = found.references.size() + roots.count;
  for (const analysis::Path& path : found.paths) why.paths.push_back(readable(references, path));
  why.other_roots = std::move(roots.others);
  why.is_cut = is_cut || roots.is_cut;
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
  RootsOfNode roots = roots_of(graph, node, VariablesInCells(graph, node), several.paths, most);
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
