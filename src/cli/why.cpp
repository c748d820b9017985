#include "report/why.hpp"

#include <algorithm>

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

/// What refers to the node: one edge each.
std::vector<report::WhyStep> referrers(const graph::HeapGraph& graph,
                                       const analysis::ReverseEdges& reverse, graph::NodeIndex node,
                                       std::size_t most) {
  std::vector<report::WhyStep> steps;
  graph::NodeIndex last = graph::kNoNode;
  for (const graph::NodeIndex source : reverse.sources(node)) {
    if (source == last) continue;
    last = source;
    if (most != 0 && steps.size() == most) break;
    const auto edges = analysis::edges_between(graph, source, node);
    steps.push_back({graph.edge_label(edges.front()), source});
  }
  return steps;
}

std::uint64_t count_holders(const graph::HeapGraph& graph, const analysis::ReverseEdges& reverse,
                            graph::NodeIndex node) {
  const auto roots = std::ranges::count_if(
      graph.roots(), [node](const graph::Root& root) { return root.node == node; });
  return reverse.in_degree(node) + static_cast<std::uint64_t>(roots);
}

report::Why explain(const graph::HeapGraph& graph, graph::NodeIndex node,
                    const WhyOptions& options) {
  TerminalProgress progress;
  const auto forest = analysis::ShortestPaths::from_roots(graph, &progress);
  const analysis::ReverseEdges reverse(graph, analysis::EdgeFilter::kOwned, &progress);
  report::Why why;
  why.node = node;
  why.holder_count = count_holders(graph, reverse, node);
  const std::size_t most =
      options.most_rows == 0 ? reverse.in_degree(node) + graph.roots().size() : options.most_rows;
  const analysis::SeveralPaths several =
      analysis::several_paths(forest, reverse, node, most, options.distinct);
  why.is_complete = several.is_complete;
  for (const analysis::Path& path : several.paths)
    why.paths.push_back(report::readable(graph, path));
  why.has_all_paths = options.distinct == analysis::Distinct::kHolders && several.is_complete &&
                      several.paths.size() < most;
  if (why.paths.empty()) why.holders = referrers(graph, reverse, node, 10);
  return why;
}

void run(const WhyOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  const graph::NodeIndex node = find_object(graph, options.object);
  const report::Why why = explain(graph, node, options);
  const report::ObjectNames names(graph);
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
