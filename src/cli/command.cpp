#include "cli/command.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "analysis/fold_namespaces.hpp"
#include "graph/graph_file.hpp"
#include "report/find_objects.hpp"

namespace ouro::cli {

Failure failure_of(const Error& error) {
  return {ExitCode::kBadInput, error.to_string()};
}

void add_json_option(Subcommand& command, CommonOptions& options) {
  command.add_flag("--json", options.is_json, "Print JSON (docs/reference/json.md)");
}

void add_rows_option(Subcommand& command, CommonOptions& options, const std::string& what) {
  command.add_option("-n,--limit", options.most_rows, "Show at most N " + what + "; 0: all")
      .capture_default_str();
}

Check at_least_one() {
  return
      [](const std::string& number) { return number == "0" ? "must be 1 or more" : std::string(); };
}

graph::HeapGraph load_unfolded(const std::string& path, unsigned parts) {
  Result<graph::HeapGraph> graph = graph::open_graph(path);
  if (!graph) throw failure_of(graph.error());
  if (const auto error = graph->require(parts)) throw failure_of(*error);
  return *std::move(graph);
}

graph::HeapGraph load(const std::string& path, unsigned parts) {
  const graph::HeapGraph graph = load_unfolded(path, parts);
  constexpr unsigned kForFolding = unsigned(graph::Part::kNodes) | unsigned(graph::Part::kEdges) |
                                   unsigned(graph::Part::kEdgeLabels);
  return (parts & kForFolding) == kForFolding ? analysis::fold_namespaces(graph) : graph;
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
  auto found = report::find_objects(graph, query, most);
  if (found) return *std::move(found);
  switch (found.error().code) {
    case ErrorCode::kNotFound:
      throw Failure(ExitCode::kNothingFound, found.error().to_string());
    case ErrorCode::kUnsupported:
      throw Failure(ExitCode::kBadUsage, found.error().to_string());
    default:
      throw failure_of(found.error());
  }
}

graph::NodeIndex find_object(const graph::HeapGraph& graph, const std::string& query) {
  return find_objects(graph, query, 1).front();
}

void check_may_write(const std::string& path, bool may_replace) {
  if (path == "-") {
    throw Failure(ExitCode::kBadUsage,
                  "-: standard output cannot take it, name a file (./- for one called so)");
  }
  struct stat there{};
  if (stat(path.c_str(), &there) != 0) return;
  if (S_ISDIR(there.st_mode)) throw Failure(ExitCode::kCannotWrite, path + ": is a folder");
  if (!S_ISREG(there.st_mode)) {
    throw Failure(ExitCode::kCannotWrite,
                  path + ": is no regular file; it would be replaced, not written to");
  }
  if (may_replace) return;
  throw Failure(ExitCode::kCannotWrite, path + ": exists; --force replaces it");
}

}  // namespace ouro::cli
