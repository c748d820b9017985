#include <algorithm>
#include <utility>

#include "graph/format/file_writer.hpp"
#include "graph/graph_file.hpp"

namespace ouro::graph {

using format::FileWriter;
using format::SectionId;
using format::SectionRole;

/// Writes sections until one fails; then nothing more happens. In no unnamed namespace, since
/// GraphWriter's state has one.
class Sections {
 public:
  explicit Sections(FileWriter& writer) : writer_(writer) {}

  template <class Element>
  void add(SectionId id, std::span<const Element> elements,
           SectionRole role = SectionRole::kValues) {
    if (!error_ && !elements.empty()) error_ = writer_.add_section(id, role, elements);
  }

  /// Nothing is written of a column without values.
  void add(SectionId id, const Column& column) {
    if (error_ || column.size() == 0) return;
    add_stretches(id, bytes_of(column), column.width());
    add(id, column.exception_positions(), SectionRole::kExceptionPositions);
    add(id, column.exception_values(), SectionRole::kExceptionValues);
  }

  /// A column that is nothing but its elements.
  template <class Element>
  void add_column(SectionId id, std::span<const Element> elements) {
    if (error_ || elements.empty()) return;
    add_stretches(id, std::as_bytes(elements), sizeof(Element));
  }

  /// From now on each stretch of a column is given to this.
  void tell(const OnWritten& on_written) { on_written_ = on_written; }

  static std::span<const std::byte> bytes_of(const Column& column) {
    return {column.data(), std::size_t{column.size()} * column.width()};
  }
  std::optional<Error> error() const { return error_; }

 private:
  void add_stretches(SectionId id, std::span<const std::byte> bytes, std::size_t width) {
    error_ = writer_.begin_section(id, SectionRole::kValues, static_cast<std::uint8_t>(width));
    constexpr std::size_t kStretch = std::size_t{4} << 20;
    while (!error_ && !bytes.empty()) {
      const auto stretch = bytes.first(std::min(bytes.size(), kStretch));
      error_ = writer_.append(stretch);
      if (!error_ && on_written_) on_written_(stretch);
      bytes = bytes.subspan(stretch.size());
    }
    if (!error_) error_ = writer_.end_section();
  }

  FileWriter& writer_;
  OnWritten on_written_;
  std::optional<Error> error_;
};

namespace {

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

void add_structure(Sections& sections, const Columns& columns) {
  sections.add(format::kAddressChunks, columns.addresses.chunks());
  sections.add(format::kAddressPlaces, columns.addresses.places());
  sections.add(format::kNodeTypes, columns.types);
  sections.add(format::kNodeSizes, columns.sizes);
  sections.add(format::kNodeCounts, columns.counts);
  // A graph that was only declared has not even the one of no nodes.
  constexpr static EdgeIndex kEndOfNone = 0;
  sections.add_column(format::kEdgeBegins, columns.edge_begins.empty() ? std::span(&kEndOfNone, 1)
                                                                       : columns.edge_begins);
  sections.add_column(format::kEdgeTargets, columns.targets);
}

void add_rest(Sections& sections, const Columns& columns) {
  add_tables(sections, columns);
  sections.add(format::kNodeFlags, columns.flags);
  sections.add_column(format::kPreviewNodes, columns.preview_nodes);
  sections.add_column(format::kPreviewTexts, columns.preview_texts);
  sections.add(format::kEdgeKinds, columns.kinds);
  sections.add(format::kEdgeNames, columns.names);
  sections.add(format::kEdgeIndexes, columns.indexes);
}

/// Of columns that were written when they were still needed.
void tell_of_structure(const Columns& columns, const OnWritten& on_written) {
  if (!on_written) return;
  for (const Column* column :
       {&columns.addresses.places(), &columns.types, &columns.sizes, &columns.counts}) {
    on_written(Sections::bytes_of(*column));
  }
  on_written(std::as_bytes(columns.edge_begins));
  on_written(std::as_bytes(columns.targets));
}

}  // namespace

struct GraphWriter::State {
  State(std::string path, FileAccess access, OnWritten to_tell)
      : writer(std::move(path), access), on_written(std::move(to_tell)) {}

  std::optional<Error> open() {
    if (is_open) return std::nullopt;
    is_open = true;
    return writer.open();
  }

  FileWriter writer;
  Sections sections{writer};
  OnWritten on_written;
  bool is_open = false;
  bool has_structure = false;
};

GraphWriter::GraphWriter(std::string path, FileAccess access, OnWritten on_written)
    : state_(std::make_unique<State>(std::move(path), access, std::move(on_written))) {}
GraphWriter::~GraphWriter() = default;

std::optional<Error> GraphWriter::write_structure(const Columns& columns) {
  if (auto error = state_->open()) return error;
  add_structure(state_->sections, columns);
  state_->has_structure = true;
  return state_->sections.error();
}

std::optional<Error> GraphWriter::finish(const Columns& columns) {
  if (auto error = state_->open()) return error;
  Sections& sections = state_->sections;
  sections.tell(state_->on_written);
  if (state_->has_structure) {
    tell_of_structure(columns, state_->on_written);
  } else {
    add_structure(sections, columns);
  }
  add_rest(sections, columns);
  if (auto error = sections.error()) return error;
  return state_->writer.finish({columns.node_count, columns.edge_count});
}

std::optional<Error> write_graph(const HeapGraph& graph, const std::string& path, FileAccess access,
                                 const OnWritten& on_written) {
  return GraphWriter(path, access, on_written).finish(graph.columns());
}

}  // namespace ouro::graph
