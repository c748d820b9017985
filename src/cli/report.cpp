#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/garbage.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/reachability.hpp"
#include "analysis/shortest_paths.hpp"
#include "analysis/type_totals.hpp"
#include "analysis/unexplained_counts.hpp"
#include "cli/command.hpp"
#include "report/leaks.hpp"

namespace ouro::cli {

namespace {

struct ReportOptions : CommonOptions {
  std::string file;

  ReportOptions() { most_rows = 5; }
};

report::Top top_of(const graph::HeapGraph& graph) {
  constexpr std::size_t kMostTypes = 10;
  report::Top top;
  for (const analysis::TypeTotal& total : analysis::type_totals(graph)) {
    top.rows.push_back({.type = graph.type_name(total.type), .amount = total.amount});
    top.whole += total.amount;
  }
  top.type_count = top.rows.size();
  arrange(top, report::TopOrder::kBytes, kMostTypes);
  return top;
}

std::vector<report::SuspectView> suspects_of(const graph::HeapGraph& graph,
                                             const report::ObjectNames& names, std::size_t most,
                                             Progress& progress) {
  const analysis::DominatorTree tree = analysis::dominators(graph, &progress);
  const analysis::DominatorOrder order(tree);
  std::vector<analysis::LeakSuspect> suspects =
      analysis::leak_suspects(graph, tree, order, {}, &progress);
  // A share of next to nothing is no leak that anybody looks for.
  constexpr std::uint64_t kLeastBytes = 10'000;
  std::erase_if(suspects, [](const analysis::LeakSuspect& suspect) {
    return suspect.retained_bytes < kLeastBytes;
  });
  if (most != 0 && suspects.size() > most) suspects.resize(most);
  const auto forest = analysis::ShortestPaths::from_roots(graph, &progress);
  std::vector<report::SuspectView> views;
  for (const analysis::LeakSuspect& suspect : suspects) {
    report::SuspectView view{.suspect = suspect,
                             .sentence = sentence_of(suspect, graph, names),
                             .path = {},
                             .accumulated_type = graph.type_name(suspect.type)};
    if (suspect.node != graph::kNoNode) {
      const auto path = forest.path_to(suspect.node);
      if (path) view.path = report::readable(graph, *path);
    }
    views.push_back(std::move(view));
  }
  return views;
}

analysis::Cycles cycles_of(const graph::HeapGraph& graph, Progress& progress) {
  const analysis::Components components(graph, analysis::EdgeFilter::kOwned, &progress);
  const analysis::NodeSet held =
      analysis::reachable_from_roots(graph, analysis::EdgeFilter::kOwned, &progress);
  return analysis::find_cycles(graph, components, held, &progress);
}

void run(const ReportOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  const report::ObjectNames names(graph);
  report::LeakReport leaks;
  {
    TerminalProgress progress;
    leaks.top = top_of(graph);
    leaks.suspects = suspects_of(graph, names, options.most_rows, progress);
    leaks.cycles = cycles_of(graph, progress);
    leaks.garbage = report::garbage_view(analysis::find_garbage(graph, &progress), graph);
    leaks.held_without_name = report::held_without_name(graph);
    leaks.unexplained_objects = analysis::find_unexplained_counts(graph, &progress).by_node.size();
  }
  options.is_json ? print_json(to_json(leaks, graph, names))
                  : print_text(to_text(leaks, graph, names, output_width()));
}

}  // namespace

void add_report(CLI::App& application) {
  CLI::App& command =
      add_command(application, "report", "What probably leaks, who holds it, what to cut",
                  "  ouro report heap.ouro\n"
                  "  ouro report heap.ouro --json > report.json\n");
  auto options = std::make_shared<ReportOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)")->required();
  add_rows_option(command, *options, "suspects");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
