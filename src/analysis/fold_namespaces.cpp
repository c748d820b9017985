#include "analysis/fold_namespaces.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "analysis/namespaces.hpp"
#include "base/sort_stably.hpp"

namespace ouro::analysis {

namespace {

using graph::Column;
using graph::EdgeIndex;
using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;

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

void append_folded(const HeapGraph& graph, const std::vector<Namespace>& namespaces,
                   FoldedEdges& edges) {
  std::vector<Namespace> by_owner = namespaces;
  sort_stably(by_owner, {}, &Namespace::owner);
  auto next_dict = namespaces.begin();
  auto next_owner = by_owner.begin();
  EdgeIndex begin_of_copy = 0;  // up to where the references have not been appended
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    // The references of the nodes since the copy began are appended at once: but they begin here.
    edges.begins.push_back(edges.end() + (graph.edges_begin(node) - begin_of_copy));
    if (next_dict != namespaces.end() && next_dict->dict == node) {
      ++next_dict;
      edges.append(begin_of_copy, graph.edges_begin(node));
      for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
        if (!is_attribute_of_owner(graph, edge)) edges.append(edge, edge + 1);
      }
      begin_of_copy = graph.edges_end(node);
    }
    if (next_owner == by_owner.end() || next_owner->owner != node) continue;
    edges.append(begin_of_copy, graph.edges_end(node));
    begin_of_copy = graph.edges_end(node);
    for (; next_owner != by_owner.end() && next_owner->owner == node; ++next_owner) {
      const NodeIndex dict = next_owner->dict;
      for (EdgeIndex edge = graph.edges_begin(dict); edge < graph.edges_end(dict); ++edge) {
        if (is_attribute_of_owner(graph, edge)) edges.append_as_attribute(edge);
      }
    }
  }
  edges.append(begin_of_copy, graph.edge_count());
  edges.begins.push_back(edges.end());
}

}  // namespace

HeapGraph fold_namespaces(const HeapGraph& graph) {
  const graph::Columns& from = graph.columns();
  if (from.kinds.width() != 1) return graph;
  const std::vector<Namespace> namespaces = find_namespaces(graph);
  if (namespaces.empty()) return graph;
  auto edges = std::make_shared<FoldedEdges>(graph);
  append_folded(graph, namespaces, *edges);
  graph::Columns columns = from;
  columns.edge_begins = edges->begins;
  columns.targets = edges->targets;
  columns.kinds = edges->kinds.view(graph.edge_count());
  columns.names = edges->names.view(graph.edge_count());
  columns.indexes = edges->indexes.view(graph.edge_count());
  return HeapGraph(columns, std::move(edges));
}

}  // namespace ouro::analysis
