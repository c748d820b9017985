#include <charconv>
#include <cstdint>

#include "cli/command.hpp"
#include "graph/graph_file.hpp"
#include "report/units.hpp"

namespace ouro::cli {

namespace {

struct InfoOptions : CommonOptions {
  std::string file;
  bool verifies = false;
};

std::vector<graph::SectionSummary> sections_of(const std::string& path) {
  auto sections = graph::describe_sections(path);
  if (!sections) throw Failure(ExitCode::kBadInput, sections.error().to_string());
  return *std::move(sections);
}

report::Json as_json(const graph::HeapGraph& graph,
                     const std::vector<graph::SectionSummary>& sections) {
  report::Json json{{"objects", graph.node_count()},   {"references", graph.edge_count()},
                    {"types", graph.type_count()},     {"roots", graph.roots().size()},
                    {"facts", report::Json::object()}, {"sections", report::Json::array()}};
  for (const graph::FactRow& fact : graph.facts()) {
    json["facts"][std::string(graph.string(fact.key))] = graph.string(fact.value);
  }
  for (const graph::SectionSummary& section : sections) {
    json["sections"].push_back({{"name", section.name},
                                {"width", section.width},
                                {"elements", section.count},
                                {"bytes", section.bytes}});
  }
  return json;
}

/// Of a number of bytes.
std::string with_unit(const std::string& value) {
  std::uint64_t bytes = 0;
  const char* const end = value.data() + value.size();
  const auto [last, error] = std::from_chars(value.data(), end, bytes);
  return error == std::errc() && last == end ? report::format_bytes(bytes) : value;
}

std::string as_text(const graph::HeapGraph& graph,
                    const std::vector<graph::SectionSummary>& sections, std::size_t width) {
  report::Table facts(
      {{"", report::Align::kLeft}, {"", report::Align::kLeft, report::Shrink::kWhenNeeded}});
  facts.add({"objects", report::with_separators(graph.node_count())});
  facts.add({"references", report::with_separators(graph.edge_count())});
  facts.add({"types", report::with_separators(graph.type_count())});
  facts.add({"roots", report::with_separators(graph.roots().size())});
  for (const graph::FactRow& fact : graph.facts()) {
    // The stacks of threads are pages of text; --json has them.
    const std::string_view key = graph.string(fact.key);
    if (key.starts_with("stack ")) continue;
    const std::string value(graph.string(fact.value));
    facts.add({std::string(key), key == "memory" ? with_unit(value) : value});
  }
  report::Table table({{"section", report::Align::kLeft}, {"elements"}, {"bytes each"}, {"bytes"}});
  std::uint64_t bytes = 0;
  for (const graph::SectionSummary& section : sections) {
    table.add({section.name, report::with_separators(section.count), std::to_string(section.width),
               report::format_bytes(section.bytes)});
    bytes += section.bytes;
  }
  table.add({"all", "", "", report::format_bytes(bytes)});
  return facts.to_text(width) + '\n' + table.to_text(width);
}

void run(const InfoOptions& options) {
  const graph::HeapGraph graph = load(options.file, options.verifies ? graph::kAllParts : 0u);
  const auto sections = sections_of(options.file);
  if (options.is_json) return print_json(as_json(graph, sections));
  print_text(as_text(graph, sections, output_width()));
  if (options.verifies) print_text("\nThe file is whole: every byte and number was checked.\n");
}

}  // namespace

void add_info(CLI::App& application) {
  Subcommand command =
      add_command(application, "info", "What a file holds, and whether it is whole",
                  "  ouro info heap.ouro\n"
                  "  ouro info heap.ouro --verify   # reads all of it\n");
  auto options = std::make_shared<InfoOptions>();
  command.add_option("FILE", options->file, "A snapshot (.ouro)").required();
  command.add_flag("--verify", options->verifies, "Check every byte against its checksum");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
