#include "cli/command.hpp"

#include <unistd.h>

#include <utility>

#include "analysis/fold_namespaces.hpp"
#include "analysis/query.hpp"
#include "base/nearest_names.hpp"
#include "graph/graph_file.hpp"

namespace ouro::cli {

namespace {

Failure failure_of(const Error& error) {
  return {ExitCode::kBadInput, error.to_string()};
}

/// "; did you mean `Connection` or `Connector`?", "; the last is Connection#20", or nothing.
std::string suggestion(const graph::HeapGraph& graph, const std::string& query) {
  const std::string wanted = query.substr(0, query.find('#'));
  if (wanted.find_first_of(" <>=.\"*") != std::string::npos || wanted.starts_with("0x")) return {};
  if (wanted != query) {
    const auto parsed = analysis::parse_query(wanted);
    const std::size_t known = parsed ? analysis::select(graph, *parsed).size() : 0;
    if (known > 0) return "; the last is " + wanted + '#' + std::to_string(known);
  }
  NearestNames nearest(wanted, 3);
  for (graph::TypeIndex type = 0; type < graph.type_count(); ++type) {
    nearest.offer(std::string(graph.short_type_name(type)));
  }
  return did_you_mean(std::move(nearest).take());
}

}  // namespace

void add_json_option(CLI::App& command, CommonOptions& options) {
  command.add_flag("--json", options.is_json, "Print JSON (docs/reference/json.md)");
}

void add_rows_option(CLI::App& command, CommonOptions& options, const std::string& what) {
  command.add_option("-n,--limit", options.most_rows, "Show at most N " + what + "; 0: all")
      ->capture_default_str();
}

CLI::Validator at_least_one() {
  return CLI::Validator(
      [](std::string& number) { return number == "0" ? "must be 1 or more" : std::string(); }, "");
}

CLI::App& add_command(CLI::App& application, const std::string& name,
                      const std::string& description, const std::string& examples) {
  CLI::App& command = *application.add_subcommand(name, description)->group("Commands");
  command.get_help_ptr()->description("Show this help");
  command.footer("Examples:\n" + examples);
  return command;
}

graph::HeapGraph load(const std::string& path, unsigned parts) {
  const Result<graph::HeapGraph> graph = graph::open_graph(path);
  if (!graph) throw failure_of(graph.error());
  if (const auto error = graph->require(parts)) throw failure_of(*error);
  constexpr unsigned kForFolding = unsigned(graph::Part::kNodes) | unsigned(graph::Part::kEdges) |
                                   unsigned(graph::Part::kEdgeLabels);
  return (parts & kForFolding) == kForFolding ? analysis::fold_namespaces(*graph) : *graph;
}

void print_json(const report::Json& json) {
  // Bytes that are no UTF-8 may stand in previews: they become U+FFFD.
  write_output(json.dump(2, ' ', false, report::Json::error_handler_t::replace) + '\n');
}

void print_text(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (const char character : text) {
    const bool commands_terminal =
        (character >= 0 && character < ' ' && character != '\n') || character == '\x7F';
    shown += commands_terminal ? "\xEF\xBF\xBD" : std::string_view(&character, 1);
  }
  write_output(shown);
}

std::vector<graph::NodeIndex> find_objects(const graph::HeapGraph& graph, const std::string& query,
                                           std::size_t most) {
  const auto parsed = analysis::parse_query(query);
  if (!parsed) throw Failure(ExitCode::kBadUsage, parsed.error().to_string());
  unsigned parts = unsigned(graph::Part::kNodes);
  if (parsed->needs_edges()) {
    parts |= unsigned(graph::Part::kEdges) | unsigned(graph::Part::kEdgeLabels);
  }
  if (parsed->needs_texts()) parts |= unsigned(graph::Part::kNodeTexts);
  if (const auto error = graph.require(parts)) throw failure_of(*error);
  std::vector<graph::NodeIndex> found = analysis::select(graph, *parsed, most);
  if (found.empty()) {
    throw Failure(ExitCode::kNothingFound,
                  "no object fits '" + query + "'" + suggestion(graph, query));
  }
  return found;
}

graph::NodeIndex find_object(const graph::HeapGraph& graph, const std::string& query) {
  return find_objects(graph, query, 1).front();
}

void check_may_write(const std::string& path, bool may_replace) {
  if (may_replace || access(path.c_str(), F_OK) != 0) return;
  throw Failure(ExitCode::kCannotWrite, path + ": exists; --force replaces it");
}

}  // namespace ouro::cli
