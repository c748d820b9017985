#include "report/find_objects.hpp"

#include <utility>

#include "analysis/query.hpp"
#include "base/nearest_names.hpp"

namespace ouro::report {

namespace {

/// "; did you mean `Connection` or `Connector`?", "; the last is Connection#20", or nothing.
std::string suggestion(const graph::HeapGraph& graph, const analysis::Query& query) {
  using Kind = analysis::QueryTerm::Kind;
  if (query.terms.size() != 1) return {};
  const analysis::QueryTerm& term = query.terms[0];
  const bool names_a_type = term.kind == Kind::kType || term.kind == Kind::kRank;
  const std::string& wanted = term.text;
  if (!names_a_type || wanted.find_first_of(".*") != std::string::npos) return {};
  if (term.kind == Kind::kRank) {
    const auto all = analysis::parse_query(wanted);
    const std::size_t known = all ? analysis::select(graph, *all).size() : 0;
    if (known > 0) return "; the last is " + wanted + '#' + std::to_string(known);
  }
  NearestNames nearest(wanted, 3);
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    nearest.offer(std::string(graph.short_type_name(type)));
  }
  return did_you_mean(std::move(nearest).take());
}

}  // namespace

Result<std::vector<graph::NodeIndex>> find_objects(const graph::HeapGraph& graph,
                                                   const std::string& query, std::size_t most) {
  const auto parsed = analysis::parse_query(query);
  if (!parsed) return parsed.error();
  unsigned parts = unsigned(graph::Part::kNodes);
  if (parsed->needs_edges()) {
    parts |= unsigned(graph::Part::kEdges) | unsigned(graph::Part::kEdgeLabels);
  }
  if (parsed->needs_texts()) parts |= unsigned(graph::Part::kNodeTexts);
  if (auto error = graph.require(parts)) return *std::move(error);
  std::vector<graph::NodeIndex> found = analysis::select(graph, *parsed, most);
  if (found.empty()) {
    return Error{ErrorCode::kNotFound, "",
                 "no object fits '" + query + "'" + suggestion(graph, *parsed)};
  }
  return found;
}

}  // namespace ouro::report
