// `ouro unreachable`: the nodes of a directed graph that no root leads to. The exercise that
// reference counting poses, for graphs of any size.
#include <algorithm>
#include <optional>

#include "analysis/query.hpp"
#include "analysis/reachability.hpp"
#include "cli/command.hpp"
#include "report/object_names.hpp"
#include "text/dot.hpp"
#include "text/edge_list.hpp"
#include "text/input.hpp"
#include "text/nearest_names.hpp"
#include "text/plain_graph.hpp"
#include "text/reached.hpp"
#include "text/sniff.hpp"

namespace ouro::cli {

namespace {

struct UnreachableOptions : CommonOptions {
  std::string file;
  std::vector<std::string> roots;
  bool wants_count = false;
  bool wants_reachable = false;
};

/// Prints names in pieces, as text lines or as JSON: there may be a hundred million. They are those
/// of the input, byte by byte.
class NamePrinter {
 public:
  NamePrinter(const UnreachableOptions& options, std::uint64_t node_count, std::uint64_t found)
      : options_(options) {
    if (!options.is_json) return;
    text_ = "{\n  \"nodes\": " + std::to_string(node_count) +
            ",\n  \"found\": " + std::to_string(found) +
            ",\n  \"is_reachable\": " + (options.wants_reachable ? "true" : "false") +
            ",\n  \"names\": [";
  }

  void print(const std::string& name) {
    if (options_.is_json) {
      text_ += is_first_ ? "\n    " : ",\n    ";
      text_ += report::Json(name).dump(-1, ' ', false, report::Json::error_handler_t::replace);
    } else {
      text_ += name;
      text_ += '\n';
    }
    is_first_ = false;
    constexpr std::size_t kEnough = 1u << 16;
    if (text_.size() < kEnough) return;
    write_output(text_);
    text_.clear();
  }

  void finish() {
    if (options_.is_json) text_ += is_first_ ? "]\n}\n" : "\n  ]\n}\n";
    write_output(text_);
  }

 private:
  const UnreachableOptions& options_;
  std::string text_;
  bool is_first_ = true;
};

/// Calls name(node) for each node that is wanted, or prints how many there are.
template <class Contains, class Name>
void print_nodes(const UnreachableOptions& options, std::uint32_t node_count, Contains contains,
                 Name name) {
  std::uint64_t found = 0;
  for (graph::NodeIndex node = 0; node < node_count; ++node) {
    found += contains(node) == options.wants_reachable;
  }
  if (options.wants_count && !options.is_json) {
    print_text(std::to_string(found) + '\n');
    return;
  }
  NamePrinter printer(options, node_count, found);
  for (graph::NodeIndex node = 0; node < node_count && !options.wants_count; ++node) {
    if (contains(node) == options.wants_reachable) printer.print(name(node));
  }
  printer.finish();
}

template <class Value>
Value value_or_fail(Result<Value> result) {
  if (!result) throw Failure(ExitCode::kBadInput, result.error().to_string());
  return *std::move(result);
}

void run_on_heap(const UnreachableOptions& options) {
  const graph::HeapGraph graph = load(options.file);
  std::vector<graph::NodeIndex> starts = analysis::root_nodes(graph);
  if (!options.roots.empty()) starts.clear();
  for (const std::string& root : options.roots) {
    const auto found = find_objects(graph, root, static_cast<std::size_t>(-1));
    starts.insert(starts.end(), found.begin(), found.end());
  }
  TerminalProgress progress;
  const analysis::NodeSet reached =
      analysis::reachable_from(graph, starts, analysis::EdgeFilter::kOwned, &progress);
  const report::ObjectNames names(graph);
  print_nodes(
      options, graph.node_count(), [&](graph::NodeIndex node) { return reached.contains(node); },
      [&](graph::NodeIndex node) { return names.described(node); });
}

void run_on_text(const UnreachableOptions& options, text::Input& input, text::GraphFormat format) {
  if (options.roots.empty()) {
    throw Failure(ExitCode::kBadUsage,
                  "which nodes are held from outside? Name them: --root NAME [--root NAME ...]");
  }
  TerminalProgress progress;
  const text::PlainGraph graph =
      value_or_fail(format == text::GraphFormat::kDot ? text::read_dot(input, &progress)
                                                      : text::read_edge_list(input, &progress));
  std::vector<graph::NodeIndex> starts;
  for (const std::string& root : options.roots) {
    const auto node = graph.find(root);
    if (!node) {
      throw Failure(ExitCode::kNothingFound,
                    input.name() + ": " + text::no_such_node_message(graph, root));
    }
    starts.push_back(*node);
  }
  const text::ReachedNodes reached = text::reached_from(graph, starts, &progress);
  print_nodes(
      options, graph.node_count(), [&](graph::NodeIndex node) { return reached.contains(node); },
      [&](graph::NodeIndex node) { return graph.name(node); });
}

void run(const UnreachableOptions& options) {
  text::Input input = value_or_fail(text::Input::open(options.file));
  const auto first = input.peek();
  if (!first) throw Failure(ExitCode::kBadInput, first.error().to_string());
  const text::GraphFormat format = text::sniff(*first);
  if (format != text::GraphFormat::kOuro) {
    run_on_text(options, input, format);
    return;
  }
  if (options.file == "-") {
    throw Failure(ExitCode::kBadUsage,
                  "a heap graph is read in place, so it needs a file: ouro unreachable FILE");
  }
  run_on_heap(options);
}

}  // namespace

void add_unreachable(CLI::App& application) {
  Subcommand command =
      add_command(application, "unreachable", "Which nodes of a directed graph no root leads to",
                  "  ouro unreachable graph.txt --root main\n"
                  "  zcat edges.gz | ouro unreachable - --root 1 --root 2 --count\n"
                  "  ouro unreachable graph.dot --root a --reachable\n"
                  "  ouro unreachable heap.ouro               # from the heap's own roots\n");
  command.footer(
      "Prints one name a line, in the order of the input.\n"
      "\n"
      "GRAPH is an edge a line (`A B`; tabs and commas separate too; one name alone is\n"
      "a node; # begins a comment), DOT, or a heap graph (.ouro); compressed by gzip\n"
      "or zstd, too; - is standard input. Memory for an edge list: 12 bytes an edge\n"
      "while it is read, and the names (8 to 25 bytes a node that is a number).\n\n" +
      command.get_footer());
  auto options = std::make_shared<UnreachableOptions>();
  command.add_option("GRAPH", options->file, "The graph; - is standard input").required();
  command.add_option("-r,--root", options->roots, "Begin at this node; may be repeated")
      .type_name("NAME");
  command.add_flag("--count", options->wants_count, "Print only how many there are");
  command.add_flag("--reachable", options->wants_reachable,
                   "Print the nodes that roots do lead to, instead");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
