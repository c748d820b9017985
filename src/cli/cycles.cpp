#include "report/cycles.hpp"

#include "analysis/cycles_of_heap.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct CyclesOptions : CommonOptions {
  std::string file;
  bool wants_all = false;

  CyclesOptions() { most_rows = 10; }
};

void run(const CyclesOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  TerminalProgress progress;
  const analysis::CyclesOfHeap of_heap = analysis::cycles_of_heap(
      graph,
      options.wants_all ? analysis::StructureCycles::kShown : analysis::StructureCycles::kHidden,
      &progress);
  const report::ObjectNames names(graph);
  if (options.is_json) {
    print_json(cycles_json(of_heap.cycles, graph, names, options.most_rows));
  } else {
    print_text(cycles_text(of_heap, graph, names, options.most_rows, output_width()));
  }
}

}  // namespace

void add_cycles(CLI::App& application) {
  Subcommand command =
      add_command(application, "cycles", "Which reference cycles exist, and which reference to cut",
                  "  ouro cycles heap.ouro\n"
                  "  ouro cycles heap.ouro -n 0 --json   # all shapes, for a program\n");
  auto options = std::make_shared<CyclesOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command.add_flag("--all", options->wants_all,
                   "Also those through classes and modules, which every Python program has");
  add_rows_option(command, *options, "shapes");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
