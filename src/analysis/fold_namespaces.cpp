#include "analysis/fold_namespaces.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/node_set.hpp"
#include "base/sort_stably.hpp"

namespace ouro::analysis {

namespace {

using graph::Column;
using graph::EdgeIndex;
using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;
using graph::StringIndex;

/// A namespace and the object it is folded into.
struct Fold {
  NodeIndex owner;
  NodeIndex dict;
};

std::optional<StringIndex> find_string(const HeapGraph& graph, std::string_view text) {
  const graph::Strings& strings = graph.columns().strings;
  for (StringIndex index = 0; index < strings.size(); ++index) {
    if (strings[index] == text) return index;
  }
  return std::nullopt;
}

/// All references named __dict__ to a dict, by dict.
std::vector<Fold> find_namespaces(const HeapGraph& graph, StringIndex name) {
  std::vector<Fold> folds;
  graph.columns().names.for_each([&](EdgeIndex edge, std::uint64_t edge_name) {
    if (edge_name != name || !graph.kind(edge).is_owned()) return;
    if (graph.kind(edge).meaning() != EdgeMeaning::kAttribute) return;
    const NodeIndex dict = graph.target(edge);
    if (graph.short_type_name(graph.type(dict)) != "dict") return;
    folds.push_back({graph.source(edge), dict});
  });
  std::ranges::sort(folds, {}, &Fold::dict);
  return folds;
}

/// Those whose dict has no other reference and no root.
std::vector<Fold> only_private(const HeapGraph& graph, const std::vector<Fold>& all) {
  NodeSet candidates(graph.node_count());
  NodeSet shared(graph.node_count());
  for (const Fold& fold : all) candidates.insert(fold.dict);
  for (const graph::Root& root : graph.roots()) shared.insert(root.node);
  NodeSet seen(graph.node_count());
  for (const NodeIndex target : graph.all_targets()) {
    if (candidates.contains(target) && !seen.insert(target)) shared.insert(target);
  }
  std::vector<Fold> folds;
  for (const Fold& fold : all) {
    if (!shared.contains(fold.dict) && fold.owner != fold.dict) folds.push_back(fold);
  }
  return folds;
}

/// Copies the values of stretches of a column behind each other.
class ColumnCopy {
 public:
  explicit ColumnCopy(const Column& column) : column_(column) {
    bytes_.reserve(std::size_t{column.size()} * column.width());
  }

  void append(EdgeIndex begin, EdgeIndex end) {
    if (column_.size() == 0) return;
    const unsigned width = column_.width();
    const auto position = static_cast<std::uint32_t>(bytes_.size() / width);
    bytes_.insert(bytes_.end(), column_.data() + std::size_t{begin} * width,
                  column_.data() + std::size_t{end} * width);
    const auto positions = column_.exception_positions();
    auto at = std::ranges::lower_bound(positions, begin) - positions.begin();
    for (; at < std::ssize(positions) && positions[static_cast<std::size_t>(at)] < end; ++at) {
      const auto place = static_cast<std::size_t>(at);
      positions_.push_back(position + (positions[place] - begin));
      values_.push_back(column_.exception_values()[place]);
    }
  }

  std::vector<std::byte>& bytes() { return bytes_; }
  Column view(std::uint32_t count) const {
    if (column_.size() == 0) return {};
    return {bytes_.data(), count, column_.width(), positions_, values_};
  }

 private:
  Column column_;
  std::vector<std::byte> bytes_;
  std::vector<std::uint32_t> positions_;
  std::vector<std::uint64_t> values_;
};

/// The references of a folded graph.
struct FoldedEdges {
  explicit FoldedEdges(const HeapGraph& graph)
      : source(graph),
        kinds(graph.columns().kinds),
        names(graph.columns().names),
        indexes(graph.columns().indexes) {
    begins.reserve(std::size_t{graph.node_count()} + 1);
    targets.reserve(graph.edge_count());
  }

  void append(EdgeIndex begin, EdgeIndex end) {
    if (begin == end) return;
    const auto from = source.all_targets().subspan(begin, end - begin);
    targets.insert(targets.end(), from.begin(), from.end());
    kinds.append(begin, end);
    names.append(begin, end);
    indexes.append(begin, end);
  }
  /// A value of the dict becomes an attribute: its name is the key still, and shown as one.
  void append_as_attribute(EdgeIndex edge) {
    append(edge, edge + 1);
    const EdgeKind kind = source.kind(edge);
    const auto properties = static_cast<std::uint8_t>(kind.byte() & ~EdgeKind::kMeaningMask);
    kinds.bytes().back() = std::byte{EdgeKind(EdgeMeaning::kAttribute, properties).byte()};
  }
  EdgeIndex end() const { return static_cast<EdgeIndex>(targets.size()); }

  HeapGraph source;  ///< keeps the memory of all other columns
  std::vector<EdgeIndex> begins;
  std::vector<NodeIndex> targets;
  ColumnCopy kinds;
  ColumnCopy names;
  ColumnCopy indexes;
};

bool is_text_key(const HeapGraph& graph, EdgeIndex edge) {
  if (graph.kind(edge).meaning() != EdgeMeaning::kValue) return false;
  const std::string_view name = graph.string(graph.edge_name(edge));
  return !name.empty() && (name.front() == '\'' || name.front() == '"');
}

void append_folded(const HeapGraph& graph, const std::vector<Fold>& folds, FoldedEdges& edges) {
  std::vector<Fold> by_owner = folds;
  sort_stably(by_owner, {}, &Fold::owner);
  auto next_dict = folds.begin();
  auto next_owner = by_owner.begin();
  EdgeIndex begin_of_copy = 0;  // up to where the references have not been appended
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    // The references of the nodes since the copy began are appended at once: but they begin here.
    edges.begins.push_back(edges.end() + (graph.edges_begin(node) - begin_of_copy));
    if (next_dict != folds.end() && next_dict->dict == node) {
      ++next_dict;
      edges.append(begin_of_copy, graph.edges_begin(node));
      for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
        if (!is_text_key(graph, edge)) edges.append(edge, edge + 1);
      }
      begin_of_copy = graph.edges_end(node);
    }
    if (next_owner == by_owner.end() || next_owner->owner != node) continue;
    edges.append(begin_of_copy, graph.edges_end(node));
    begin_of_copy = graph.edges_end(node);
    for (; next_owner != by_owner.end() && next_owner->owner == node; ++next_owner) {
      const NodeIndex dict = next_owner->dict;
      for (EdgeIndex edge = graph.edges_begin(dict); edge < graph.edges_end(dict); ++edge) {
        if (is_text_key(graph, edge)) edges.append_as_attribute(edge);
      }
    }
  }
  edges.append(begin_of_copy, graph.edge_count());
  edges.begins.push_back(edges.end());
}

}  // namespace

HeapGraph fold_namespaces(const HeapGraph& graph) {
  const graph::Columns& from = graph.columns();
  if (from.names.size() == 0 || from.kinds.width() != 1) return graph;
  const auto name = find_string(graph, "__dict__");
  if (!name) return graph;
  const std::vector<Fold> folds = only_private(graph, find_namespaces(graph, *name));
  if (folds.empty()) return graph;
  auto edges = std::make_shared<FoldedEdges>(graph);
  append_folded(graph, folds, *edges);
  graph::Columns columns = from;
  columns.edge_begins = edges->begins;
  columns.targets = edges->targets;
  columns.kinds = edges->kinds.view(graph.edge_count());
  columns.names = edges->names.view(graph.edge_count());
  columns.indexes = edges->indexes.view(graph.edge_count());
  return HeapGraph(columns, std::move(edges));
}

}  // namespace ouro::analysis
