#include "report/top.hpp"

#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct TopOptions : CommonOptions {
  std::string file;
  report::TopQuestion question;
};

void run(TopOptions options) {
  report::TopQuestion& question = options.question;
  question.most_rows = options.most_rows;
  question.has_retained |= question.order == report::TopOrder::kRetained;
  const unsigned parts =
      unsigned(graph::Part::kNodes) | (question.has_retained ? unsigned(graph::Part::kEdges) : 0u);
  const graph::HeapGraph graph = load(options.file, parts);
  TerminalProgress progress;
  const report::Top top = top_of(graph, question, &progress);
  options.is_json ? print_json(to_json(top)) : print_text(to_text(top, output_width()));
}

}  // namespace

void add_top(CLI::App& application) {
  Subcommand command =
      add_command(application, "top", "Which types take the memory",
                  "  ouro top heap.ouro\n"
                  "  ouro top heap.ouro --by count -n 50\n"
                  "  ouro top heap.ouro --retained   # what would go with them, too\n");
  auto options = std::make_shared<TopOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command
      .add_choice("--by", options->question.order, "Sort by bytes (the default), count or retained",
                  {{"bytes", report::TopOrder::kBytes},
                   {"count", report::TopOrder::kCount},
                   {"retained", report::TopOrder::kRetained}})
      .type_name("ORDER");
  command.add_flag("--retained", options->question.has_retained,
                   "Also what would be freed if all objects of the type went");
  add_rows_option(command, *options, "types");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
