#include <algorithm>
#include <limits>

#include "graph/format/file_writer.hpp"
#include "graph/graph_file.hpp"

namespace ouro::graph {

namespace {

using format::FileWriter;
using format::SectionId;
using format::SectionRole;

/// Writes sections until one fails; then nothing more happens.
class Sections {
 public:
  Sections(FileWriter& writer, const OnWritten& on_written)
      : writer_(writer), on_written_(on_written) {}

  template <class Element>
  void add(SectionId id, std::span<const Element> elements,
           SectionRole role = SectionRole::kValues) {
    if (!error_ && !elements.empty()) error_ = writer_.add_section(id, role, elements);
  }

  /// Nothing is written of a column without values.
  void add(SectionId id, const Column& column) {
    if (error_ || column.size() == 0) return;
    const std::size_t bytes = std::size_t{column.size()} * column.width();
    error_ =
        writer_.begin_section(id, SectionRole::kValues, static_cast<std::uint8_t>(column.width()));
    append({column.data(), bytes});
    if (!error_) error_ = writer_.end_section();
    add(id, column.exception_positions(), SectionRole::kExceptionPositions);
    add(id, column.exception_values(), SectionRole::kExceptionValues);
  }

  /// A column that is nothing but its elements.
  template <class Element>
  void add_column(SectionId id, std::span<const Element> elements) {
    if (error_ || elements.empty()) return;
    error_ = writer_.begin_section(id, SectionRole::kValues, sizeof(Element));
    append(std::as_bytes(elements));
    if (!error_) error_ = writer_.end_section();
  }

  std::optional<Error> error() && { return std::move(error_); }

 private:
  void append(std::span<const std::byte> bytes) {
    constexpr std::size_t kStretch = std::size_t{4} << 20;
    while (!error_ && !bytes.empty()) {
      const auto stretch = bytes.first(std::min(bytes.size(), kStretch));
      error_ = writer_.append(stretch);
      if (!error_ && on_written_) on_written_(stretch);
      bytes = bytes.subspan(stretch.size());
    }
  }

  FileWriter& writer_;
  const OnWritten& on_written_;
  std::optional<Error> error_;
};

template <class Record, class Row, class Convert>
std::vector<Record> records_of(std::span<const Row> rows, Convert convert) {
  std::vector<Record> records;
  records.reserve(rows.size());
  for (const Row& row : rows) records.push_back(convert(row));
  return records;
}

void add_tables(Sections& sections, const Columns& columns) {
  const auto roots = records_of<format::RootRecord>(columns.roots, [](const Root& root) {
    return format::RootRecord{root.node, static_cast<std::uint32_t>(root.kind), root.name,
                              root.references};
  });
  const auto types = records_of<format::TypeRecord>(columns.types_table, [](const TypeRow& row) {
    return format::TypeRecord{row.name, row.module, row.node};
  });
  const auto facts = records_of<format::FactRecord>(
      columns.facts, [](const FactRow& row) { return format::FactRecord{row.key, row.value}; });
  sections.add(format::kRoots, std::span(roots));
  sections.add(format::kTypes, std::span(types));
  sections.add(format::kFacts, std::span(facts));
  sections.add_column(format::kStringBegins, columns.strings.begins());
  const std::string_view text = columns.strings.bytes();
  sections.add_column(format::kStringBytes, std::span(text.data(), text.size()));
}

}  // namespace

std::optional<Error> write_graph(const HeapGraph& graph, const std::string& path, FileAccess access,
                                 const OnWritten& on_written) {
  const Columns& columns = graph.columns();
  FileWriter writer(path, access);
  if (auto error = writer.open()) return error;
  Sections sections(writer, on_written);
  add_tables(sections, columns);
  sections.add(format::kAddressChunks, columns.addresses.chunks());
  sections.add(format::kAddressPlaces, columns.addresses.places());
  sections.add(format::kNodeTypes, columns.types);
  sections.add(format::kNodeSizes, columns.sizes);
  sections.add(format::kNodeCounts, columns.counts);
  sections.add(format::kNodeFlags, columns.flags);
  sections.add_column(format::kPreviewNodes, columns.preview_nodes);
  sections.add_column(format::kPreviewTexts, columns.preview_texts);
  // A graph that was only declared has not even the one of no nodes.
  const EdgeIndex end_of_none = 0;
  sections.add_column(format::kEdgeBegins, columns.edge_begins.empty() ? std::span(&end_of_none, 1)
                                                                       : columns.edge_begins);
  sections.add_column(format::kEdgeTargets, columns.targets);
  sections.add(format::kEdgeKinds, columns.kinds);
  sections.add(format::kEdgeNames, columns.names);
  sections.add(format::kEdgeIndexes, columns.indexes);
  if (auto error = std::move(sections).error()) return error;
  return writer.finish({graph.node_count(), graph.edge_count()});
}

}  // namespace ouro::graph
