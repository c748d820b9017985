#include "cli/why_grown.hpp"

#include <limits>

#include "analysis/fold_namespaces.hpp"
#include "report/explain.hpp"
#include "report/find_objects.hpp"
#include "report/leak_search.hpp"
#include "report/object_names.hpp"

namespace ouro::cli {

namespace attach = python::attach;

std::string fastest_grower(const watch::Watch& watch) {
  const watch::Verdict& verdict = watch.verdict();
  if (!verdict.grown.empty()) return std::string(verdict.grown[0].type);
  const auto grown = watch.types().grown_within(std::numeric_limits<double>::max());
  return grown.empty() ? std::string() : std::string(grown[0].type);
}

Result<WhyGrown> why_grown(const attach::Target& target, const std::string& type,
                           const attach::SnapshotOptions& options,
                           const attach::Interruption& interruption, std::size_t width) {
  auto captured = attach::capture(target, options, interruption);
  if (!captured) return captured.error();
  const graph::HeapGraph graph = analysis::fold_namespaces(captured->heap.graph);
  const report::ObjectNames names(graph);
  constexpr std::size_t kMostSuspects = 3;
  const report::LeakReport leaks = report::find_leaks(graph, names, kMostSuspects);
  WhyGrown answer;
  for (const report::SuspectView& suspect : leaks.suspects) {
    if (suspect.accumulated_type == type) {
      answer.holder = suspect.sentence;
      break;
    }
  }
  answer.text = "Why is an object of type " + type + " alive?\n\n";
  if (const auto found = report::find_objects(graph, type, 1)) {
    answer.text += to_text(report::explain(graph, found->front(), names), graph, names, width);
  } else {
    answer.text += found.error().message + '\n';
  }
  answer.text += "\nWhat holds most, as ouro report says it:\n\n";
  answer.text += to_text(leaks, graph, names, width);
  return answer;
}

}  // namespace ouro::cli
