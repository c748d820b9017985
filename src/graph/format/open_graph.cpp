#include <algorithm>
#include <future>
#include <mutex>
#include <vector>

#include "graph/format/directory.hpp"
#include "graph/graph_file.hpp"

namespace ouro::graph {

namespace {

using format::Directory;
using format::SectionEntry;
using format::SectionId;
using format::SectionRole;

/// A column's section, and how many elements it must have.
struct ColumnPlan {
  SectionId id;
  Column Columns::* column;
  Part part;
  bool is_of_edges;
};

constexpr ColumnPlan kColumns[] = {
    {format::kNodeTypes, &Columns::types, Part::kNodes, false},
    {format::kNodeSizes, &Columns::sizes, Part::kNodes, false},
    {format::kNodeCounts, &Columns::counts, Part::kNodes, false},
    {format::kNodeFlags, &Columns::flags, Part::kNodes, false},
    {format::kEdgeKinds, &Columns::kinds, Part::kEdges, true},
    {format::kEdgeNames, &Columns::names, Part::kEdgeLabels, true},
    {format::kEdgeIndexes, &Columns::indexes, Part::kEdgeLabels, true},
};

/// Takes the columns out of a file. The first error ends it.
class Loader {
 public:
  explicit Loader(const Directory& directory) : directory_(directory) {
    columns_.node_count = directory.header().node_count;
    columns_.edge_count = directory.header().edge_count;
  }

  std::optional<Error> load() {
    if (columns_.node_count > kMostNodes || columns_.edge_count > kMostEdges) {
      return Error{ErrorCode::kCorrupt, directory_.file()->path() + ": header, offset 36",
                   "has " + std::to_string(columns_.node_count) + " nodes and " +
                       std::to_string(columns_.edge_count) + " edges, expected at most " +
                       std::to_string(kMostNodes) + " of each"};
    }
    for (const ColumnPlan& plan : kColumns) {
      const std::uint32_t count = plan.is_of_edges ? columns_.edge_count : columns_.node_count;
      columns_.*plan.column = column(plan.id, count);
    }
    columns_.addresses = Addresses(column(format::kAddressPlaces, columns_.node_count),
                                   array<std::uint64_t>(format::kAddressChunks));
    load_edges();
    load_previews();
    columns_.strings = strings();
    return std::move(error_);
  }

  const Columns& columns() const { return columns_; }

 private:
  /// Null, and an error, if the section has elements of another width.
  const SectionEntry* find(SectionId id, SectionRole role, std::size_t width) {
    const SectionEntry* const entry = directory_.find(id, role);
    if (entry == nullptr || entry->width == width) return entry;
    fail(*entry, "has elements of " + std::to_string(entry->width) + " bytes, expected " +
                     std::to_string(width));
    return nullptr;
  }

  template <class Element>
  std::span<const Element> array(SectionId id, SectionRole role = SectionRole::kValues) {
    const SectionEntry* const entry = find(id, role, sizeof(Element));
    return entry == nullptr ? std::span<const Element>() : directory_.elements<Element>(*entry);
  }

  Column column(SectionId id, std::uint32_t count) {
    const SectionEntry* const entry = directory_.find(id);
    if (entry == nullptr) return {};
    if (entry->width != 1 && entry->width != 2 && entry->width != 4 && entry->width != 8) {
      fail(*entry,
           "has elements of " + std::to_string(entry->width) + " bytes, expected 1, 2, 4 or 8");
      return {};
    }
    if (entry->count != count) {
      fail(*entry,
           "has " + std::to_string(entry->count) + " elements, expected " + std::to_string(count));
      return {};
    }
    const auto positions = array<std::uint32_t>(id, SectionRole::kExceptionPositions);
    const auto values = array<std::uint64_t>(id, SectionRole::kExceptionValues);
    if (positions.size() != values.size()) {
      fail(*entry, "has " + std::to_string(positions.size()) + " exceptions with " +
                       std::to_string(values.size()) + " values");
      return {};
    }
    return {directory_.bytes(*entry).data(), count, entry->width, positions, values};
  }

  void load_edges() {
    columns_.edge_begins = array<EdgeIndex>(format::kEdgeBegins);
    columns_.targets = array<NodeIndex>(format::kEdgeTargets);
    const std::uint64_t begins = std::uint64_t{columns_.node_count} + 1;
    if (columns_.edge_begins.size() != begins) {
      fail_count(format::kEdgeBegins, columns_.edge_begins.size(), begins);
    }
    if (columns_.targets.size() != columns_.edge_count) {
      fail_count(format::kEdgeTargets, columns_.targets.size(), columns_.edge_count);
    }
  }

  void load_previews() {
    columns_.preview_nodes = array<NodeIndex>(format::kPreviewNodes);
    columns_.preview_texts = array<StringIndex>(format::kPreviewTexts);
    if (columns_.preview_nodes.size() != columns_.preview_texts.size()) {
      fail_count(format::kPreviewTexts, columns_.preview_texts.size(),
                 columns_.preview_nodes.size());
    }
  }

  Strings strings() {
    const auto bytes = array<char>(format::kStringBytes);
    return {array<std::uint64_t>(format::kStringBegins), {bytes.data(), bytes.size()}};
  }

  void fail_count(SectionId id, std::uint64_t found, std::uint64_t expected) {
    SectionEntry missing{};
    missing.id = id;
    const SectionEntry* const entry = directory_.find(id);
    fail(entry == nullptr ? missing : *entry,
         "has " + std::to_string(found) + " elements, expected " + std::to_string(expected));
  }
  void fail(const SectionEntry& entry, std::string message) {
    if (!error_) error_ = directory_.corrupt(entry, std::move(message));
  }

  const Directory& directory_;
  Columns columns_;
  std::optional<Error> error_;
};

/// Checks each part once, when it is asked for: the checksums in a thread of their own, while this
/// one looks at the values, which it does without believing them.
class FileChecker final : public PartChecker {
 public:
  FileChecker(Directory directory, const Columns& columns)
      : directory_(std::move(directory)), columns_(columns) {}

  std::optional<Error> check(unsigned parts) const override {
    const std::lock_guard lock(mutex_);
    const unsigned wanted = parts & ~checked_;
    const std::vector<const SectionEntry*> sections = sections_of(wanted);
    std::uint64_t bytes = 0;
    for (const SectionEntry* section : sections) bytes += section->bytes;
    // A thread costs more than a small file.
    constexpr std::uint64_t kFewestBytes = std::uint64_t{4} << 20;
    const auto policy =
        bytes < kFewestBytes ? std::launch::deferred : std::launch::async | std::launch::deferred;
    auto damage = std::async(policy, [&] { return verify(sections); });
    const std::optional<Error> wrong_value = check_values(wanted);
    // Where bytes are damaged, that is what is wrong with the values.
    if (auto error = damage.get()) return error;
    if (!wrong_value) checked_ |= wanted;
    return wrong_value;
  }

 private:
  std::vector<const SectionEntry*> sections_of(unsigned parts) const {
    std::vector<const SectionEntry*> sections;
    const auto add = [&](SectionId id, SectionRole role = SectionRole::kValues) {
      if (const SectionEntry* entry = directory_.find(id, role)) sections.push_back(entry);
    };
    const auto add_column = [&](SectionId id) {
      add(id);
      add(id, SectionRole::kExceptionPositions);
      add(id, SectionRole::kExceptionValues);
    };
    for (const ColumnPlan& plan : kColumns) {
      if ((parts & unsigned(plan.part)) != 0) add_column(plan.id);
    }
    if ((parts & unsigned(Part::kNodes)) != 0) {
      add_column(format::kAddressPlaces);
      add(format::kAddressChunks);
    }
    if ((parts & unsigned(Part::kEdges)) != 0) {
      add(format::kEdgeBegins);
      add(format::kEdgeTargets);
    }
    if ((parts & unsigned(Part::kNodeTexts)) != 0) {
      add(format::kPreviewNodes);
      add(format::kPreviewTexts);
    }
    if ((parts & (unsigned(Part::kNodeTexts) | unsigned(Part::kEdgeLabels))) != 0) {
      add(format::kStringBegins);
      add(format::kStringBytes);
    }
    return sections;
  }

  std::optional<Error> verify(const std::vector<const SectionEntry*>& sections) const {
    for (const SectionEntry* section : sections) {
      if (auto error = directory_.verify(*section)) return error;
    }
    return std::nullopt;
  }

  std::optional<Error> check_values(unsigned parts) const {
    for (const ColumnPlan& plan : kColumns) {
      if ((parts & unsigned(plan.part)) == 0) continue;
      if (auto error = check_exceptions(plan.id, columns_.*plan.column)) return error;
    }
    if ((parts & unsigned(Part::kNodes)) != 0) {
      if (auto error = check_exceptions(format::kAddressPlaces, columns_.addresses.places())) {
        return error;
      }
    }
    if ((parts & unsigned(Part::kEdges)) != 0) {
      if (auto error = check_edges()) return error;
    }
    if ((parts & unsigned(Part::kNodeTexts)) == 0) return std::nullopt;
    return check_rising(format::kPreviewNodes, SectionRole::kValues, columns_.preview_nodes,
                        columns_.node_count);
  }

  std::optional<Error> check_exceptions(SectionId id, const Column& column) const {
    return check_rising(id, SectionRole::kExceptionPositions, column.exception_positions(),
                        column.size());
  }

  /// Positions in a column or nodes: each larger than the one before and below `limit`.
  std::optional<Error> check_rising(SectionId id, SectionRole role,
                                    std::span<const std::uint32_t> values,
                                    std::uint32_t limit) const {
    std::uint64_t least = 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
      if (values[at] < least || values[at] >= limit) {
        return directory_.corrupt(
            *directory_.find(id, role),
            "element " + std::to_string(at) + " is " + std::to_string(values[at]) + ", expected " +
                std::to_string(least) + " to " + std::to_string(std::int64_t{limit} - 1));
      }
      least = std::uint64_t{values[at]} + 1;
    }
    return std::nullopt;
  }

  std::optional<Error> check_edges() const {
    if (auto error = check_begins()) return error;
    if (auto error = check_kinds()) return error;
    return check_targets();
  }

  // Each first asks whether there is anything wrong, by a loop without an exit, which becomes
  // vector instructions; then what.

  std::optional<Error> check_begins() const {
    const auto begins = columns_.edge_begins;
    bool rises = begins.front() == 0 && begins.back() == columns_.edge_count;
    for (std::size_t at = 1; at < begins.size(); ++at) rises &= begins[at - 1] <= begins[at];
    if (rises) return std::nullopt;
    EdgeIndex last = 0;
    for (std::size_t at = 0; at < begins.size(); ++at) {
      const bool is_first = at == 0 && begins[at] != 0;
      const bool is_last = at + 1 == begins.size() && begins[at] != columns_.edge_count;
      if (begins[at] < last || is_first || is_last) {
        return directory_.corrupt(*directory_.find(format::kEdgeBegins),
                                  "element " + std::to_string(at) + " is " +
                                      std::to_string(begins[at]) + ", expected " +
                                      (is_last ? std::to_string(columns_.edge_count)
                                               : "at least " + std::to_string(last)) +
                                      (is_first ? " and 0 at the start" : ""));
      }
      last = begins[at];
    }
    return std::nullopt;
  }

  std::optional<Error> check_targets() const {
    NodeIndex largest = 0;
    for (const NodeIndex target : columns_.targets) largest = std::max(largest, target);
    if (columns_.targets.empty() || largest < columns_.node_count) return std::nullopt;
    const auto at = std::ranges::find(columns_.targets, largest) - columns_.targets.begin();
    return directory_.corrupt(*directory_.find(format::kEdgeTargets),
                              "element " + std::to_string(at) + " is node " +
                                  std::to_string(largest) + ", expected less than " +
                                  std::to_string(columns_.node_count));
  }

  std::optional<Error> check_kinds() const {
    if (columns_.kinds.width() == 1) {
      const auto* kinds = reinterpret_cast<const std::uint8_t*>(columns_.kinds.data());
      bool are_known = true;
      for (std::uint32_t at = 0; at < columns_.kinds.size(); ++at) {
        are_known &= EdgeKind::is_known(kinds[at]);
      }
      if (are_known) return std::nullopt;
    }
    std::optional<Error> error;
    columns_.kinds.for_each([&](std::uint32_t at, std::uint64_t kind) {
      if (error || (kind <= 0xFF && EdgeKind::is_known(static_cast<std::uint8_t>(kind)))) return;
      error = directory_.corrupt(*directory_.find(format::kEdgeKinds),
                                 "element " + std::to_string(at) + " is " + std::to_string(kind) +
                                     ", which is no kind of reference");
    });
    return error;
  }

  Directory directory_;
  Columns columns_;
  mutable std::mutex mutex_;
  mutable unsigned checked_ = 0;
};

/// What stays alive with the graph: the mapping, and the tables that are copied from it.
struct Owner {
  std::shared_ptr<const MappedFile> file;
  std::vector<Root> roots;
  std::vector<TypeRow> types;
  std::vector<FactRow> facts;
};

/// The rows of a table, each converted; checked against the file's checksum.
template <class Record, class Row, class Convert>
std::optional<Error> read_table(const Directory& directory, SectionId id, std::vector<Row>& rows,
                                Convert convert) {
  const SectionEntry* const entry = directory.find(id);
  if (entry == nullptr) return std::nullopt;
  if (entry->width != sizeof(Record)) {
    return directory.corrupt(*entry, "has rows of " + std::to_string(entry->width) +
                                         " bytes, expected " + std::to_string(sizeof(Record)));
  }
  if (auto error = directory.verify(*entry)) return error;
  const auto records = directory.elements<Record>(*entry);
  rows.reserve(records.size());
  for (const Record& record : records) rows.push_back(convert(record));
  return std::nullopt;
}

std::optional<Error> check_roots(const Directory& directory, const Owner& owner) {
  const std::uint32_t nodes = directory.header().node_count;
  for (std::size_t at = 0; at < owner.roots.size(); ++at) {
    const Root& root = owner.roots[at];
    if (root.node < nodes && static_cast<std::uint8_t>(root.kind) < kRootKindCount) continue;
    return directory.corrupt(*directory.find(format::kRoots),
                             "row " + std::to_string(at) + " is node " + std::to_string(root.node) +
                                 " of " + std::to_string(nodes) + ", kind " +
                                 std::to_string(static_cast<int>(root.kind)));
  }
  for (std::size_t at = 0; at < owner.types.size(); ++at) {
    const NodeIndex node = owner.types[at].node;
    if (node == kNoNode || node < nodes) continue;
    return directory.corrupt(*directory.find(format::kTypes),
                             "row " + std::to_string(at) + " is node " + std::to_string(node) +
                                 " of " + std::to_string(nodes));
  }
  return std::nullopt;
}

std::optional<Error> read_tables(const Directory& directory, Owner& owner) {
  using format::FactRecord;
  using format::RootRecord;
  using format::TypeRecord;
  auto error =
      read_table<RootRecord>(directory, format::kRoots, owner.roots, [](const RootRecord& row) {
        const auto kind = static_cast<RootKind>(std::min<std::uint32_t>(row.kind, 255));
        return Root{row.node, kind, row.name, row.references};
      });
  if (error) return error;
  error = read_table<TypeRecord>(directory, format::kTypes, owner.types, [](const TypeRecord& row) {
    return TypeRow{row.name, row.module, row.node};
  });
  if (error) return error;
  error = read_table<FactRecord>(directory, format::kFacts, owner.facts,
                                 [](const FactRecord& row) { return FactRow{row.key, row.value}; });
  if (error) return error;
  return check_roots(directory, owner);
}

}  // namespace

Result<HeapGraph> open_graph(const std::string& path) {
  auto file = MappedFile::open(path);
  if (!file) return file.error();
  Result<Directory> directory = Directory::read(*file);
  if (!directory) return directory.error();
  Loader loader(*directory);
  if (auto error = loader.load()) return *std::move(error);
  auto owner = std::make_shared<Owner>();
  owner->file = *file;
  if (auto error = read_tables(*directory, *owner)) return *std::move(error);
  Columns columns = loader.columns();
  columns.roots = owner->roots;
  columns.types_table = owner->types;
  columns.facts = owner->facts;
  auto checker = std::make_shared<FileChecker>(*std::move(directory), columns);
  return HeapGraph(columns, owner, std::move(checker));
}

Result<std::vector<SectionSummary>> describe_sections(const std::string& path) {
  auto file = MappedFile::open(path);
  if (!file) return file.error();
  const Result<Directory> directory = Directory::read(*file);
  if (!directory) return directory.error();
  std::vector<SectionSummary> summaries;
  for (const SectionEntry& entry : directory->sections()) {
    std::string name = format::to_string(entry.id);
    if (entry.role != SectionRole::kValues) name += " exceptions";
    summaries.push_back({std::move(name), entry.width, entry.count, entry.bytes});
  }
  return summaries;
}

bool looks_like_graph_file(std::string_view bytes) {
  return bytes.starts_with("OURO");
}

}  // namespace ouro::graph
