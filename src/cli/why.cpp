#include "report/why.hpp"

#include <algorithm>

#include "analysis/paths_of_holders.hpp"
#include "analysis/reverse_edges.hpp"
#include "analysis/several_paths.hpp"
#include "analysis/shortest_paths.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct WhyOptions : CommonOptions {
  std::string file;
  std::string object;
  analysis::Distinct distinct = analysis::Distinct::kHolders;

  WhyOptions() { most_rows = 3; }
};

/// What refers to the node: one reference each, at most `most` of them.
std::vector<report::WhyStep> referrers(const graph::HeapGraph& graph,
                                       const std::vector<graph::EdgeIndex>& references,
                                       std::size_t most) {
  std::vector<report::WhyStep> steps;
  for (const graph::EdgeIndex edge : references) {
    const graph::NodeIndex source = graph.source(edge);
    if (!steps.empty() && steps.back().node == source) continue;
    if (steps.size() == most) break;
    steps.push_back({graph.edge_label(edge), source});
  }
  return steps;
}

std::uint64_t count_roots(const graph::HeapGraph& graph, graph::NodeIndex node) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      graph.roots(), [node](const graph::Root& root) { return root.node == node; }));
}

/// A path through each holder: without reverse edges, so that the graph may exceed the memory.
report::Why explain_holders(const graph::HeapGraph& graph, graph::NodeIndex node,
                            const report::ObjectNames& names, std::size_t most_rows) {
  TerminalProgress progress;
  const std::size_t most = most_rows == 0 ? graph::kNoNode : most_rows;
  const analysis::PathsOfHolders found = analysis::paths_of_holders(graph, node, most, &progress);
  report::Why why;
  why.node = node;
  why.holder_count = found.references.size() + count_roots(graph, node);
  for (const analysis::Path& path : found.paths) why.paths.push_back(report::readable(graph, path));
  why.has_all_paths = found.paths.size() < most;
  for (const analysis::Path& cycle : found.cycles) {
    why.cycles.push_back(report::way_of(graph, cycle, names));
  }
  constexpr std::size_t kMostReferrers = 10;
  if (why.paths.empty()) why.holders = referrers(graph, found.references, kMostReferrers);
  return why;
}

/// A path from each root, or from each kind of root.
report::Why explain_roots(const graph::HeapGraph& graph, graph::NodeIndex node,
                          const report::ObjectNames& names, const WhyOptions& options) {
  TerminalProgress progress;
  const auto forest = analysis::ShortestPaths::from_roots(graph, &progress);
  if (!forest.is_reached(node)) return explain_holders(graph, node, names, options.most_rows);
  const analysis::ReverseEdges reverse(graph, analysis::EdgeFilter::kOwned, &progress);
  report::Why why;
  why.node = node;
  why.holder_count = reverse.in_degree(node) + count_roots(graph, node);
  const std::size_t most = options.most_rows == 0 ? graph::kNoNode : options.most_rows;
  const analysis::SeveralPaths several =
      analysis::several_paths(forest, reverse, node, most, options.distinct);
  why.is_complete = several.is_complete;
  for (const analysis::Path& path : several.paths)
    why.paths.push_back(report::readable(graph, path));
  return why;
}

report::Why explain(const graph::HeapGraph& graph, graph::NodeIndex node,
                    const report::ObjectNames& names, const WhyOptions& options) {
  return options.distinct == analysis::Distinct::kHolders
             ? explain_holders(graph, node, names, options.most_rows)
             : explain_roots(graph, node, names, options);
}

void run(const WhyOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  const graph::NodeIndex node = find_object(graph, options.object);
  const report::ObjectNames names(graph);
  const report::Why why = explain(graph, node, names, options);
  options.is_json ? print_json(to_json(why, names))
                  : print_text(to_text(why, graph, names, output_width()));
}

}  // namespace

void add_why(CLI::App& application) {
  CLI::App& command =
      add_command(application, "why", "Why an object is alive: paths from what holds it",
                  "  ouro why heap.ouro Connection            # the first of them\n"
                  "  ouro why heap.ouro 'Connection#42'\n"
                  "  ouro why heap.ouro 0x7f3a10 -n 0          # every path\n"
                  "  ouro why heap.ouro 'dict size>1MiB'       # a query, see `ouro --help`\n");
  auto options = std::make_shared<WhyOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)")->required();
  command.add_option("OBJECT", options->object, "An object: Type#1, address or query")->required();
  command
      .add_option(
          "--each", options->distinct,
          "A path for each of: holders (what refers to it; the default),\nroots, kinds (of root)")
      ->transform(one_of<analysis::Distinct>({{"holders", analysis::Distinct::kHolders},
                                              {"roots", analysis::Distinct::kRoots},
                                              {"kinds", analysis::Distinct::kRootKinds}}))
      ->type_name("WHAT");
  add_rows_option(command, *options, "paths");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
