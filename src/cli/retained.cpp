#include "report/retained.hpp"

#include "analysis/retained.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct RetainedOptions : CommonOptions {
  std::string file;
  std::string object;
  bool asks_for_all = false;
};

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
  const report::ObjectNames names(graph);
  TerminalProgress progress;
  const auto retained = report::retained_view(graph, names, node, options.most_rows, &progress);
  if (!retained) throw Failure(ExitCode::kNothingFound, retained.error().to_string());
  const report::RetainedView& view = *retained;
  const report::Places places(graph, names);
  options.is_json ? print_json(to_json(view, places, names))
                  : print_text(to_text(view, graph, places, names, output_width()));
}

}  // namespace

void add_retained(CLI::App& application) {
  Subcommand command =
      add_command(application, "retained", "Which objects would free the most memory if they went",
                  "  ouro retained heap.ouro                       # the greatest\n"
                  "  ouro retained heap.ouro 'Connection#1'        # what it holds alone\n"
                  "  ouro retained heap.ouro Connection --together # what all of them hold\n");
  auto options = std::make_shared<RetainedOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command.add_option("OBJECT", options->object, "An object: Type#1, address or query");
  command.add_flag("--together", options->asks_for_all,
                   "All objects that fit the query, as if they went together");
  add_rows_option(command, *options, "objects");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
