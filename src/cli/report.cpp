#include "analysis/cycles_of_heap.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/garbage.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/piles.hpp"
#include "analysis/program_structure.hpp"
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

/// What may leak, by the dominator tree, which is gone afterwards.
void look_for_leaks(report::LeakReport& leaks, const graph::HeapGraph& graph,
                    const report::ObjectNames& names, std::size_t most, Progress& progress) {
  std::vector<analysis::LeakSuspect> suspects;
  std::vector<analysis::Pile> piles;
  {
    const analysis::DominatorTree tree = analysis::dominators(graph, &progress);
    const analysis::DominatorOrder order(tree);
    suspects = analysis::leak_suspects(graph, tree, order, {}, &progress);
    if (graph.fact("runtime").starts_with("cpython")) {
      piles = analysis::find_piles(graph, tree, order);
    }
  }
  // A share of next to nothing is no leak that anybody looks for; and that a module or a class
  // holds much says nothing that what it holds does not say better.
  constexpr std::uint64_t kLeastBytes = 10'000;
  const analysis::NodeSet structure = analysis::program_structure(graph);
  std::erase_if(suspects, [&](const analysis::LeakSuspect& suspect) {
    const bool is_structure = suspect.node != graph::kNoNode && structure.contains(suspect.node);
    return suspect.retained_bytes < kLeastBytes || is_structure;
  });
  if (most != 0 && suspects.size() > most) suspects.resize(most);
  if (most != 0 && piles.size() > most) piles.resize(most);
  const auto forest = analysis::ShortestPaths::from_roots(graph, &progress);
  const auto path_to = [&](graph::NodeIndex node) -> std::optional<report::WhyPath> {
    if (node == graph::kNoNode) return std::nullopt;
    const auto path = forest.path_to(node);
    if (!path) return std::nullopt;
    return report::readable(graph, *path);
  };
  for (const analysis::LeakSuspect& suspect : suspects) {
    leaks.suspects.push_back({.suspect = suspect,
                              .sentence = sentence_of(suspect, graph, names),
                              .path = path_to(suspect.node),
                              .accumulated_type = graph.type_name(suspect.type)});
  }
  for (const analysis::Pile& pile : piles) {
    const auto path = path_to(pile.holder);
    leaks.piles.push_back({.pile = pile,
                           .type = graph.type_name(pile.type),
                           .place = path ? expression_of(*path) : names.name(pile.holder)});
  }
}

void run(const ReportOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  const report::ObjectNames names(graph);
  report::LeakReport leaks;
  {
    TerminalProgress progress;
    leaks.top = top_of(graph);
    look_for_leaks(leaks, graph, names, options.most_rows, progress);
    leaks.cycles = analysis::cycles_of_heap(graph, analysis::StructureCycles::kHidden, &progress);
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
