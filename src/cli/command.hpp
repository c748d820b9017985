// A subcommand of `ouro`, and what they share: input, output, errors.
//
// Each lives in a file of its own, src/cli/<name>.cpp, and is one function that adds it to the
// application: its options, its help with examples, and what to run.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/subcommand.hpp"
#include "cli/terminal.hpp"
#include "graph/heap_graph.hpp"
#include "report/json.hpp"
#include "report/table.hpp"

namespace ouro::cli {

/// Options that most subcommands have.
struct CommonOptions {
  bool is_json = false;
  std::size_t most_rows = 20;
};

void add_json_option(Subcommand& command, CommonOptions& options);
/// -n: how many rows. `what` is "types", "paths".
void add_rows_option(Subcommand& command, CommonOptions& options, const std::string& what);

/// For a number that must not be 0.
Check at_least_one();

/// How the command ends after an error in what it was given.
Failure failure_of(const Error& error);

/// Opens a heap graph and checks the parts that are needed. With all but texts of nodes, attributes
/// that stand in a dict of their object's own are attributes (analysis/fold_namespaces.hpp). Throws
/// Failure.
graph::HeapGraph load(const std::string& path, unsigned parts = graph::kAllParts);
/// The same with those attributes in their dict.
graph::HeapGraph load_unfolded(const std::string& path, unsigned parts = graph::kAllParts);

/// Prints JSON, or the text, to standard output.
void print_json(const report::Json& json);
/// Control characters but line ends become U+FFFD.
void print_text(std::string_view text);

/// The one object that a person named, or Failure: with what there is instead.
graph::NodeIndex find_object(const graph::HeapGraph& graph, const std::string& query);
/// All that fit, at most `most`; Failure if there are none.
std::vector<graph::NodeIndex> find_objects(const graph::HeapGraph& graph, const std::string& query,
                                           std::size_t most);

/// Throws Failure where a file of the name exists, unless `may_replace`.
void check_may_write(const std::string& path, bool may_replace);

void add_attach(CLI::App& application);
void add_backrefs(CLI::App& application);
void add_completion(CLI::App& application);
void add_cycles(CLI::App& application);
void add_diff(CLI::App& application);
void add_garbage(CLI::App& application);
void add_gc(CLI::App& application);
void add_info(CLI::App& application);
void add_refs(CLI::App& application);
void add_report(CLI::App& application);
void add_retained(CLI::App& application);
void add_run(CLI::App& application);
void add_top(CLI::App& application);
void add_tune(CLI::App& application);
void add_unreachable(CLI::App& application);
void add_watch(CLI::App& application);
void add_why(CLI::App& application);

}  // namespace ouro::cli
