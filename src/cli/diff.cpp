#include "report/diff.hpp"

#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct DiffOptions : CommonOptions {
  std::string before;
  std::string after;

  DiffOptions() { most_rows = 10; }
};

void run(const DiffOptions& options) {
  constexpr unsigned kParts = graph::kAllParts & ~unsigned(graph::Part::kNodeTexts);
  const graph::HeapGraph before = load(options.before, kParts);
  const graph::HeapGraph after = load(options.after);
  TerminalProgress progress;
  const report::ObjectNames names(after);
  const report::Places places(after, names, &progress);
  const report::DiffView view =
      diff_view(before, after, places, names, options.most_rows, &progress);
  options.is_json ? print_json(diff_json(view, options.most_rows))
                  : print_text(diff_text(view, options.most_rows, output_width()));
}

}  // namespace

void add_diff(CLI::App& application) {
  Subcommand command =
      add_command(application, "diff", "What grew between two snapshots, and who holds it",
                  "  ouro diff monday.ouro tuesday.ouro\n"
                  "  ouro diff before.ouro after.ouro -n 0 --json\n");
  auto options = std::make_shared<DiffOptions>();
  command.add_option("BEFORE", options->before, "The earlier snapshot (.ouro)").required();
  command.add_option("AFTER", options->after, "The later snapshot").required();
  add_rows_option(command, *options, "rows of each table");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
