#include "cli/command.hpp"
#include "report/leak_search.hpp"

namespace ouro::cli {

namespace {

struct ReportOptions : CommonOptions {
  std::string file;

  ReportOptions() { most_rows = 5; }
};

void run(const ReportOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  const report::ObjectNames names(graph);
  TerminalProgress progress;
  const report::LeakReport leaks = report::find_leaks(graph, names, options.most_rows, &progress);
  options.is_json ? print_json(to_json(leaks, graph, names))
                  : print_text(to_text(leaks, graph, names, output_width()));
}

}  // namespace

void add_report(CLI::App& application) {
  Subcommand command =
      add_command(application, "report", "What probably leaks, who holds it, what to cut",
                  "  ouro report heap.ouro\n"
                  "  ouro report heap.ouro --json > report.json\n");
  auto options = std::make_shared<ReportOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  add_rows_option(command, *options, "suspects");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
