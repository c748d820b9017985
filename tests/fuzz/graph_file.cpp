// Opens any bytes as a heap graph. What is accepted is walked from end to end, and where it is
// small enough every analysis and report runs on it: nothing may index, allocate or loop by what a
// file claims.
//
// Fuzzing hardly ever guesses a checksum, so each input is tried once more with right ones
// (support/sealed_file.hpp); what it finds behind them a hostile writer finds too.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "analysis/component_graph.hpp"
#include "analysis/components.hpp"
#include "analysis/cycles.hpp"
#include "analysis/diff.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/garbage.hpp"
#include "analysis/leak_suspects.hpp"
#include "analysis/package_shares.hpp"
#include "analysis/piles.hpp"
#include "analysis/reachability.hpp"
#include "analysis/retained.hpp"
#include "analysis/reverse_edges.hpp"
#include "analysis/several_paths.hpp"
#include "analysis/shortest_paths.hpp"
#include "analysis/type_origins.hpp"
#include "analysis/type_totals.hpp"
#include "analysis/unexplained_counts.hpp"
#include "analysis/without_cuts.hpp"
#include "fuzz/targets.hpp"
#include "graph/graph_file.hpp"
#include "report/accumulated_words.hpp"
#include "report/cycles.hpp"
#include "report/diff.hpp"
#include "report/garbage.hpp"
#include "report/leaks.hpp"
#include "report/object_names.hpp"
#include "report/picture_dot.hpp"
#include "report/picture_json.hpp"
#include "report/picture_text.hpp"
#include "report/places.hpp"
#include "report/python_suspects.hpp"
#include "report/reference_picture.hpp"
#include "report/retained.hpp"
#include "report/top.hpp"
#include "report/why.hpp"
#include "support/graph_walk.hpp"
#include "support/memory_file.hpp"
#include "support/sealed_file.hpp"

namespace ouro::fuzz {

namespace {

using graph::HeapGraph;
using graph::NodeIndex;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kMostRows = 5;

/// Text and JSON as the command prints them.
void print(const std::string& text, const report::Json& json) {
  require(!text.empty(), "a report says something");
  const std::string dumped = json.dump(2, ' ', false, report::Json::error_handler_t::replace);
  require(dumped.size() > 1, "a report in JSON says something");
}

void try_cycles(const HeapGraph& graph, const report::ObjectNames& names) {
  const analysis::Components components(graph);
  const analysis::NodeSet held = analysis::reachable_from_roots(graph);
  const analysis::Cycles cycles = analysis::find_cycles(graph, components, held);
  print(report::cycles_text(cycles, graph, names, kMostRows, kWidth),
        report::cycles_json(cycles, graph, names, kMostRows));
  const HeapGraph cut = analysis::without_cuts(graph, components, cycles);
  require(!cut.require(), "a graph with weaker edges is as right as before");
  require(components.count() == 0 || analysis::Components(cut).count() < graph.node_count() + 1,
          "cutting ends");
}

void try_garbage(const HeapGraph& graph, const report::ObjectNames& names) {
  const auto view = report::garbage_view(analysis::find_garbage(graph), graph);
  print(to_text(view, names, kMostRows, kWidth), to_json(view, names, kMostRows));
  const auto counts = analysis::find_unexplained_counts(graph);
  print(report::unexplained_text(counts, graph, names, kMostRows, kWidth),
        report::unexplained_json(counts, graph, names, kMostRows));
}

void try_retained(const HeapGraph& graph, const report::ObjectNames& names) {
  const analysis::DominatorTree tree = analysis::dominators(graph);
  const analysis::DominatorOrder order(tree);
  report::RetainedView view;
  view.whole_bytes = tree.retained_bytes(tree.virtual_root());
  for (const NodeIndex node : analysis::greatest_retainers(tree, kMostRows)) {
    view.rows.push_back({node, tree.retained_bytes(node)});
    for (const NodeIndex child : analysis::greatest_children(tree, order, node, kMostRows)) {
      require(order.dominates(node, child), "a node dominates its children");
    }
  }
  const report::Places places(graph, names);
  view.packages = analysis::package_shares(graph);
  print(to_text(view, graph, places, names, kWidth), to_json(view, places, names));
  report::Top top;
  for (const analysis::TypeTotal& total : analysis::type_totals(graph)) {
    top.rows.push_back({.type = graph.type_name(total.type), .amount = total.amount});
    top.whole += total.amount;
  }
  top.type_count = top.rows.size();
  arrange(top, report::TopOrder::kBytes, kMostRows);
  print(to_text(top, kWidth), to_json(top));
  analysis::retained_by_type(graph, tree, order);
  const analysis::TypeOrigins origins(graph);
  analysis::find_piles(graph, tree, order, origins, {.fewest_objects = 1, .fewest_of_library = 1});
  report::python_suspects(graph, tree, order, origins, {});
  // All at once, with limits so low that small graphs have suspects.
  const auto suspects = analysis::leak_suspects(
      graph, tree, order, {.least_share = 0, .fewest_instances = 1, .fewest_peers = 1});
  for (const analysis::LeakSuspect& suspect : suspects) {
    require(suspect.node == graph::kNoNode || suspect.node < graph.node_count(),
            "a suspect is a node of the graph");
    require(!sentence_of(suspect, graph, places).empty(), "a suspect has a reason");
    if (suspect.node != graph::kNoNode && suspect.type < graph.type_count()) {
      report::more_of_accumulated(graph, tree, order, origins, suspect);
    }
    require(suspect.share >= 0 && suspect.score >= 0, "suspects have an order");
  }
}

void try_paths(const HeapGraph& graph, const report::ObjectNames& names) {
  const auto forest = analysis::ShortestPaths::from_roots(graph);
  const analysis::ReverseEdges reverse(graph);
  const analysis::NodeSet held = analysis::reachable_from_roots(graph);
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    require(forest.is_reached(node) == held.contains(node), "what roots reach has a path");
    for (const auto distinct : {analysis::Distinct::kHolders, analysis::Distinct::kRoots,
                                analysis::Distinct::kRootKinds}) {
      report::Why why;
      why.node = node;
      for (const auto& path :
           analysis::several_paths(forest, reverse, node, 3, distinct, 256).paths) {
        require(path.edges.empty() || graph.target(path.edges.back()) == node,
                "a path ends where it leads");
        why.paths.push_back(report::readable(graph, path));
      }
      print(to_text(why, graph, names, kWidth), to_json(why, names));
    }
  }
}

void try_pictures(const HeapGraph& graph, const report::ObjectNames& names) {
  const analysis::ReverseEdges reverse(graph, analysis::EdgeFilter::kAll);
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    for (const auto direction : {report::Direction::kRefs, report::Direction::kBackrefs}) {
      const auto picture = report::picture_of_references(
          graph, names, &reverse, {&node, 1},
          {.direction = direction, .max_nodes = 8, .max_children = 3, .most_edges = 64});
      print(picture_text(picture, kWidth), picture_json(picture, names));
      require(!picture_dot(picture).empty(), "a picture is drawn");
    }
  }
}

void print_diff(const report::DiffView& view) {
  print(report::diff_text(view, kMostRows, kWidth), report::diff_json(view, kMostRows));
}

void try_diff(const HeapGraph& graph, const report::ObjectNames& names) {
  const analysis::Diff diff = analysis::diff(graph, graph, {.most_rows = kMostRows});
  require(diff.appeared.count == diff.gone.count, "from itself a graph differs both ways");
  const report::Places places(graph, names);
  print_diff({diff, own_growth(diff, graph, places, names), places, names});
  const HeapGraph nothing;
  const analysis::Diff all_new = analysis::diff(nothing, graph, {.most_rows = kMostRows});
  require(all_new.appeared.count == graph.node_count(), "to nothing every object is new");
  print_diff({all_new, own_growth(all_new, graph, places, names), places, names});
  const analysis::Diff all_gone = analysis::diff(graph, nothing, {.most_rows = kMostRows});
  require(all_gone.gone.count == graph.node_count(), "in nothing every object is gone");
  const report::ObjectNames no_names(nothing);
  const report::Places no_places(nothing, no_names);
  print_diff({all_gone, {}, no_places, no_names});
}

void try_file(std::string_view bytes) {
  const test::MemoryFile file(bytes);
  const Result<HeapGraph> opened = graph::open_graph(file.path());
  if (!opened) return;
  require(graph::describe_sections(file.path()).has_value(), "what opens has sections");
  if (opened->require()) return;
  test::everything_of(*opened);
  constexpr std::uint32_t kMostNodes = 64;
  constexpr std::uint32_t kMostEdges = 512;
  if (opened->node_count() > kMostNodes || opened->edge_count() > kMostEdges) return;
  const report::ObjectNames names(*opened);
  try_cycles(*opened, names);
  try_garbage(*opened, names);
  try_retained(*opened, names);
  try_paths(*opened, names);
  try_pictures(*opened, names);
  try_diff(*opened, names);
}

}  // namespace

void graph_file(std::string_view bytes) {
  try_file(bytes);
  std::string sealed(bytes);
  test::seal(sealed);
  if (sealed != bytes) try_file(sealed);
}

}  // namespace ouro::fuzz
