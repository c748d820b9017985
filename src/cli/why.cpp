#include "report/why.hpp"

#include "analysis/fold_namespaces.hpp"
#include "analysis/query.hpp"
#include "cli/command.hpp"
#include "report/explain.hpp"

namespace ouro::cli {

namespace {

struct WhyOptions : CommonOptions {
  std::string file;
  std::string object;
  analysis::Distinct distinct = analysis::Distinct::kHolders;

  WhyOptions() { most_rows = report::WhyQuestion{}.most_paths; }
};

/// Fields in a query are those of the folded graph.
graph::NodeIndex find_asked_for(const graph::HeapGraph& graph, const std::string& object) {
  const auto query = analysis::parse_query(object);
  const bool has_fields = query && query->needs_edges();
  return find_object(has_fields ? analysis::fold_namespaces(graph) : graph, object);
}

void run(const WhyOptions& options) {
  const graph::HeapGraph graph = load_unfolded(options.file);
  const graph::NodeIndex node = find_asked_for(graph, options.object);
  const report::ObjectNames names(graph);
  TerminalProgress progress;
  const report::Why why =
      explain(analysis::FoldedReferences::of_namespaces(graph), node, names,
              {.distinct = options.distinct, .most_paths = options.most_rows}, &progress);
  options.is_json ? print_json(to_json(why, names))
                  : print_text(to_text(why, graph, names, output_width()));
}

}  // namespace

void add_why(CLI::App& application) {
  Subcommand command =
      add_command(application, "why", "Why an object is alive: paths from what holds it",
                  "  ouro why heap.ouro Connection            # the first of them\n"
                  "  ouro why heap.ouro 'Connection#42'\n"
                  "  ouro why heap.ouro 0x7f3a10 -n 0          # every path\n"
                  "  ouro why heap.ouro 'dict size>1MiB'       # a query, see `ouro --help`\n");
  auto options = std::make_shared<WhyOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command.add_option("OBJECT", options->object, "An object: Type#1, address or query").required();
  command
      .add_choice(
          "--each", options->distinct,
          "A path for each of: holders (what refers to it; the default),\nroots, kinds (of root)",
          {{"holders", analysis::Distinct::kHolders},
           {"roots", analysis::Distinct::kRoots},
           {"kinds", analysis::Distinct::kRootKinds}})
      .type_name("WHAT");
  add_rows_option(command, *options, "paths");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
