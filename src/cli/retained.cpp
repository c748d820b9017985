#include "report/retained.hpp"

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/retained.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct RetainedOptions : CommonOptions {
  std::string file;
  std::string object;
  bool asks_for_all = false;
};

std::vector<report::RetainedRow> rows_of(const analysis::DominatorTree& tree,
                                         const std::vector<graph::NodeIndex>& nodes) {
  std::vector<report::RetainedRow> rows;
  for (const graph::NodeIndex node : nodes) rows.push_back({node, tree.retained_bytes(node)});
  return rows;
}

report::RetainedView view_of(const graph::HeapGraph& graph, const RetainedOptions& options,
                             graph::NodeIndex node) {
  TerminalProgress progress;
  const analysis::DominatorTree tree = analysis::dominators(graph, &progress);
  const std::size_t most = options.most_rows == 0 ? graph.node_count() : options.most_rows;
  report::RetainedView view;
  view.whole_bytes = tree.retained_bytes(tree.virtual_root());
  if (node == graph::kNoNode) {
    view.rows = rows_of(tree, analysis::greatest_retainers(tree, most));
    view.packages = analysis::package_shares(graph);
    return view;
  }
  if (!tree.is_reachable(node)) {
    throw Failure(ExitCode::kNothingFound,
                  "no root leads to " + report::ObjectNames(graph).name(node) +
                      ", so it retains nothing; `ouro garbage` lists such objects");
  }
  view.of = node;
  view.retained_bytes = tree.retained_bytes(node);
  constexpr std::size_t kMostDominators = 4;
  for (graph::NodeIndex above = tree.immediate_dominator(node);
       above != tree.virtual_root() && view.dominators.size() < kMostDominators;
       above = tree.immediate_dominator(above)) {
    view.dominators.push_back(above);
  }
  const analysis::DominatorOrder order(tree);
  view.rows = rows_of(tree, analysis::greatest_children(tree, order, node, most));
  return view;
}

void run_for_set(const graph::HeapGraph& graph, const RetainedOptions& options) {
  TerminalProgress progress;
  const auto set = find_objects(graph, options.object, static_cast<std::size_t>(-1));
  const analysis::Amount retained = analysis::retained_by(graph, set, &progress);
  options.is_json
      ? print_json(report::set_json(set.size(), retained, options.object))
      : print_text(report::set_text(set.size(), retained, options.object, output_width()));
}

void run(const RetainedOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  if (options.asks_for_all) {
    if (options.object.empty()) {
      throw Failure(ExitCode::kBadUsage, "--together needs a query that says which objects");
    }
    run_for_set(graph, options);
    return;
  }
  const graph::NodeIndex node =
      options.object.empty() ? graph::kNoNode : find_object(graph, options.object);
  const report::RetainedView view = view_of(graph, options, node);
  const report::ObjectNames names(graph);
  const report::Places places(graph, names);
  options.is_json ? print_json(to_json(view, places, names))
                  : print_text(to_text(view, graph, places, names, output_width()));
}

}  // namespace

void add_retained(CLI::App& application) {
  CLI::App& command =
      add_command(application, "retained", "Which objects would free the most memory if they went",
                  "  ouro retained heap.ouro                       # the greatest\n"
                  "  ouro retained heap.ouro 'Connection#1'        # what it holds alone\n"
                  "  ouro retained heap.ouro Connection --together # what all of them hold\n");
  auto options = std::make_shared<RetainedOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)")->required();
  command.add_option("OBJECT", options->object, "An object: Type#1, address or query");
  command.add_flag("--together", options->asks_for_all,
                   "All objects that fit the query, as if they went together");
  add_rows_option(command, *options, "objects");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
