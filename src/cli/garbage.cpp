#include "report/garbage.hpp"

#include "analysis/garbage.hpp"
#include "analysis/unexplained_counts.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct GarbageOptions : CommonOptions {
  std::string file;
  bool asks_for_counts = false;
};

void run(const GarbageOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  TerminalProgress progress;
  const report::ObjectNames names(graph);
  if (options.asks_for_counts) {
    const auto counts = analysis::find_unexplained_counts(graph, &progress);
    options.is_json
        ? print_json(unexplained_json(counts, graph, names, options.most_rows))
        : print_text(unexplained_text(counts, graph, names, options.most_rows, output_width()));
    return;
  }
  const auto view = report::garbage_view(analysis::find_garbage(graph, &progress), graph);
  options.is_json ? print_json(to_json(view, names, options.most_rows))
                  : print_text(to_text(view, names, options.most_rows, output_width()));
}

}  // namespace

void add_garbage(CLI::App& application) {
  Subcommand command =
      add_command(application, "garbage", "What the cycle collector would free now",
                  "  ouro garbage heap.ouro\n"
                  "  ouro garbage heap.ouro --counts   # what is held from C code\n");
  auto options = std::make_shared<GarbageOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command.add_flag("--counts", options->asks_for_counts,
                   "List reference counts that references and roots do not explain");
  add_rows_option(command, *options, "types");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
