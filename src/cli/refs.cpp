// `ouro refs` and `ouro backrefs`: a picture of what objects refer to, or of what refers to them.
#include <algorithm>
#include <optional>

#include "analysis/query.hpp"
#include "analysis/reverse_edges.hpp"
#include "base/picture_file.hpp"
#include "cli/command.hpp"
#include "report/object_names.hpp"
#include "report/picture_dot.hpp"
#include "report/picture_json.hpp"
#include "report/picture_text.hpp"
#include "report/reference_picture.hpp"

namespace ouro::cli {

namespace {

struct RefsOptions : CommonOptions {
  std::string file;
  std::string object;
  std::string output;
  report::PictureOptions picture;
  std::size_t most_starts = 1;
  bool shows_classes = false;
  bool hides_weak = false;
  bool is_dot = false;
  bool may_replace = false;
};

void write_file(const report::ReferencePicture& picture, const RefsOptions& options) {
  const std::string ending =
      options.output.substr(std::min(options.output.rfind('.'), options.output.size()));
  if (ending != ".svg" && ending != ".png" && ending != ".dot") {
    throw Failure(ExitCode::kBadUsage,
                  options.output + ": the ending says the format: .svg, .png or .dot");
  }
  check_may_write(options.output, options.may_replace);
  const auto written = write_picture(picture_dot(picture), options.output);
  if (!written) throw Failure(ExitCode::kCannotWrite, written.error().to_string());
  std::string line = "written: " + written->path;
  if (written->written == Written::kTextInsteadOf) {
    line += " (Graphviz is not installed, so its text; package graphviz draws it)";
  }
  print_text(line + '\n');
}

void run(const RefsOptions& options) {
  if (options.is_dot && options.is_json) {
    throw Failure(ExitCode::kBadUsage, "--dot and --json: standard output takes one of them");
  }
  const graph::HeapGraph graph = load(options.file);
  const auto starts = find_objects(graph, options.object, options.most_starts);
  TerminalProgress progress;
  std::optional<analysis::ReverseEdges> reverse;
  if (options.picture.direction == report::Direction::kBackrefs) {
    reverse.emplace(graph, analysis::EdgeFilter::kAll, &progress);
  }
  report::PictureOptions wanted = options.picture;
  if (options.shows_classes) wanted.class_edges = report::ClassEdges::kShown;
  if (options.hides_weak) wanted.weak_edges = report::WeakEdges::kHidden;
  const report::ObjectNames names(graph);
  const report::ReferencePicture picture =
      report::picture_of_references(graph, names, reverse ? &*reverse : nullptr, starts, wanted);
  if (!options.output.empty()) {
    write_file(picture, options);
  } else if (options.is_json) {
    print_json(picture_json(picture, names));
  } else {
    print_text(options.is_dot ? picture_dot(picture) : picture_text(picture, output_width()));
  }
}

void add(CLI::App& application, const std::string& name, const std::string& description,
         report::Direction direction) {
  Subcommand command =
      add_command(application, name, description,
                  "  ouro " + name + " heap.ouro 'Dungeon#1'\n" + "  ouro " + name +
                      " heap.ouro 'Dungeon#1' -o dungeon.svg   # or .png, .dot\n" + "  ouro " +
                      name + " heap.ouro Connection --starts 5 --depth 2\n");
  auto options = std::make_shared<RefsOptions>();
  options->picture.direction = direction;
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command.add_option("OBJECT", options->object, "Objects: Type#1, address or query").required();
  command
      .add_option("-o,--output", options->output,
                  "Draw a picture into this file: .svg, .png or .dot")
      .type_name("FILE");
  command.add_flag("--force", options->may_replace, "Replace the file if it exists");
  command.add_flag("--dot", options->is_dot, "Print the picture as Graphviz text");
  command.add_option("--depth", options->picture.max_depth, "Go at most N references far")
      .capture_default_str();
  command.add_option("--nodes", options->picture.max_nodes, "Show at most N objects")
      .capture_default_str()
      .check(at_least_one());
  command
      .add_option("--children", options->picture.max_children,
                  "Show at most N references of one object")
      .capture_default_str()
      .check(at_least_one());
  command.add_option("--starts", options->most_starts, "Begin at the first N objects that fit")
      .capture_default_str()
      .check(at_least_one());
  command.add_flag("--classes", options->shows_classes, "Show references to and from classes, too");
  command.add_flag("--no-weak", options->hides_weak, "Leave weak references out");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace

void add_refs(CLI::App& application) {
  add(application, "refs", "What an object refers to: a tree or a picture",
      report::Direction::kRefs);
}

void add_backrefs(CLI::App& application) {
  add(application, "backrefs", "What refers to an object: a tree or a picture",
      report::Direction::kBackrefs);
}

}  // namespace ouro::cli
