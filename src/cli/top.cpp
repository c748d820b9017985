#include "report/top.hpp"

#include <map>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/retained.hpp"
#include "analysis/type_totals.hpp"
#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct TopOptions : CommonOptions {
  std::string file;
  report::TopOrder order = report::TopOrder::kBytes;
  bool has_retained = false;
};

report::Top top_of(const graph::HeapGraph& graph, const TopOptions& options) {
  TerminalProgress progress;
  report::Top top;
  for (const analysis::TypeTotal& total : analysis::type_totals(graph, &progress)) {
    top.rows.push_back({.type = graph.type_name(total.type), .amount = total.amount});
    top.whole += total.amount;
  }
  top.type_count = top.rows.size();
  top.has_retained = options.has_retained;
  if (options.has_retained) {
    const analysis::DominatorTree tree = analysis::dominators(graph, &progress);
    const analysis::DominatorOrder order(tree);
    std::map<std::string, std::uint64_t> retained;
    for (const auto& row : analysis::retained_by_type(graph, tree, order)) {
      retained[graph.type_name(row.type)] += row.retained.bytes;
    }
    for (report::TopRow& row : top.rows) row.retained_bytes = retained[row.type];
  }
  arrange(top, options.order, options.most_rows);
  return top;
}

void run(TopOptions options) {
  options.has_retained |= options.order == report::TopOrder::kRetained;
  const unsigned parts =
      unsigned(graph::Part::kNodes) | (options.has_retained ? unsigned(graph::Part::kEdges) : 0u);
  const report::Top top = top_of(load(options.file, parts), options);
  options.is_json ? print_json(to_json(top)) : print_text(to_text(top, output_width()));
}

}  // namespace

void add_top(CLI::App& application) {
  CLI::App& command =
      add_command(application, "top", "Which types take the memory",
                  "  ouro top heap.ouro\n"
                  "  ouro top heap.ouro --by count -n 50\n"
                  "  ouro top heap.ouro --retained   # what would go with them, too\n");
  auto options = std::make_shared<TopOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)")->required();
  command.add_option("--by", options->order, "Sort by bytes (the default), count or retained")
      ->transform(one_of<report::TopOrder>({{"bytes", report::TopOrder::kBytes},
                                            {"count", report::TopOrder::kCount},
                                            {"retained", report::TopOrder::kRetained}}))
      ->type_name("ORDER");
  command.add_flag("--retained", options->has_retained,
                   "Also what would be freed if all objects of the type went");
  add_rows_option(command, *options, "types");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
