#include "report/cycles.hpp"

#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/reachability.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct CyclesOptions : CommonOptions {
  std::string file;

  CyclesOptions() { most_rows = 10; }
};

void run(const CyclesOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  TerminalProgress progress;
  const analysis::Components components(graph, analysis::EdgeFilter::kOwned, &progress);
  const analysis::NodeSet held =
      analysis::reachable_from_roots(graph, analysis::EdgeFilter::kOwned, &progress);
  const analysis::Cycles cycles = analysis::find_cycles(graph, components, held, &progress);
  const report::ObjectNames names(graph);
  if (options.is_json) {
    print_json(cycles_json(cycles, graph, names, options.most_rows));
  } else {
    print_text(cycles_text(cycles, graph, names, options.most_rows, output_width()));
  }
}

}  // namespace

void add_cycles(CLI::App& application) {
  CLI::App& command =
      add_command(application, "cycles", "Which reference cycles exist, and which reference to cut",
                  "  ouro cycles heap.ouro\n"
                  "  ouro cycles heap.ouro -n 0 --json   # all shapes, for a program\n");
  auto options = std::make_shared<CyclesOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)")->required();
  add_rows_option(command, *options, "shapes");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
