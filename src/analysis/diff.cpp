#include "analysis/diff.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "analysis/path_shapes.hpp"

namespace ouro::analysis {

namespace {

using graph::HeapGraph;
using graph::kNoNode;
using graph::NodeIndex;

std::int64_t difference(std::uint64_t after, std::uint64_t before) {
  return static_cast<std::int64_t>(after - before);
}

struct Identity {
  std::uint64_t address;
  std::uint32_t type;
  NodeIndex node;

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

/// A snapshot, its types by numbers that both snapshots share.
struct Side {
  Side(const HeapGraph& heap, PathShapes& shapes)
      : graph(heap), types(shapes.types_of(heap)), is_other(heap.node_count(), true) {}

  std::uint32_t type(NodeIndex node) const {
    return types[std::min<std::size_t>(graph.type(node), types.size() - 1)];
  }

  const HeapGraph& graph;
  std::vector<std::uint32_t> types;
  std::vector<bool> is_other;  ///< by node: not in the other snapshot
};

/// Where to cut the space of addresses, so that each piece has about `most` objects of the larger
/// snapshot: equal shares of a sample of both. The first piece begins at 0.
std::vector<std::uint64_t> range_begins(const HeapGraph& before, const HeapGraph& after,
                                        std::size_t most) {
  const std::size_t range_count = std::max(before.node_count(), after.node_count()) / most + 1;
  std::vector<std::uint64_t> begins{0};
  if (range_count == 1) return begins;
  constexpr std::size_t kSamplesOfARange = 256;
  const std::size_t stride = most / kSamplesOfARange + 1;
  std::vector<std::uint64_t> samples;
  for (const HeapGraph* const graph : {&before, &after}) {
    for (std::size_t node = 0; node < graph->node_count(); node += stride) {
      samples.push_back(graph->address(static_cast<NodeIndex>(node)));
    }
  }
  std::ranges::sort(samples);
  for (std::size_t range = 1; range < range_count; ++range) {
    const std::uint64_t begin = samples[samples.size() * range / range_count];
    if (begin > begins.back()) begins.push_back(begin);
  }
  return begins;
}

/// Of the objects with addresses from `first` to `last`, sorted.
void find_identities(const Side& side, std::uint64_t first, std::uint64_t last,
                     std::vector<Identity>& identities) {
  identities.clear();
  for (NodeIndex node = 0; node < side.graph.node_count(); ++node) {
    const std::uint64_t address = side.graph.address(node);
    if (address == 0 || address < first || address > last) continue;
    identities.push_back({address, side.type(node), node});
  }
  if (!std::ranges::is_sorted(identities)) std::ranges::sort(identities);
}

void merge(Side& before, const std::vector<Identity>& old, Side& after,
           const std::vector<Identity>& current) {
  auto first = old.begin();
  auto second = current.begin();
  while (first != old.end() && second != current.end()) {
    const auto order =
        std::tie(first->address, first->type) <=> std::tie(second->address, second->type);
    if (order == 0) {
      before.is_other[(first++)->node] = false;
      after.is_other[(second++)->node] = false;
    } else if (order < 0) {
      ++first;
    } else {
      ++second;
    }
  }
}

void match(Side& before, Side& after, std::size_t most_at_once) {
  const auto begins = range_begins(before.graph, after.graph, most_at_once);
  std::vector<Identity> old;
  std::vector<Identity> current;
  old.reserve(std::min<std::size_t>(before.graph.node_count(), most_at_once));
  current.reserve(std::min<std::size_t>(after.graph.node_count(), most_at_once));
  for (std::size_t range = 0; range < begins.size(); ++range) {
    const std::uint64_t last = range + 1 < begins.size() ? begins[range + 1] - 1 : UINT64_MAX;
    find_identities(before, begins[range], last, old);
    find_identities(after, begins[range], last, current);
    merge(before, old, after, current);
  }
}

class DiffFinder {
 public:
  DiffFinder(const HeapGraph& before, const HeapGraph& after, DiffOptions options)
      : before_(before, shapes_), after_(after, shapes_), options_(options) {}

  Diff compare(Progress* progress) {
    const auto begin = [&](std::string_view what) {
      if (progress != nullptr) progress->begin(what, 0);
    };
    begin("diff: identity");
    match(before_, after_, std::max<std::size_t>(options_.most_at_once, 1));
    begin("diff: types");
    count_types();
    begin("diff: paths before");
    count_gone_paths();
    begin("diff: paths after");
    count_new_paths();
    begin("diff: rows");
    make_type_rows();
    make_path_rows();
    make_shape_rows();
    return std::move(diff_);
  }

 private:
  struct PathCounts {
    Amount appeared;
    Amount gone;
    NodeIndex example = kNoNode;
  };
  /// The holder's type or kRoot, the shape, the type.
  using ShapeKey = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
  static constexpr std::uint32_t kNoRow = 0xFFFFFFFFu;
  static constexpr std::uint32_t kRoot = 0xFFFFFFFFu;

  void count_types();
  void count_gone_paths();
  void count_new_paths();
  void make_type_rows();
  void make_path_rows();
  void make_shape_rows();

  template <class RowOfNode>
  std::vector<Holder> find_holders(std::size_t row_count, RowOfNode&& row_of_node) const;
  /// The best rows, sorted; all others are dropped.
  template <class Row, class Before>
  void keep_first(std::vector<Row>& rows, Before&& before) const {
    std::ranges::sort(rows, before);
    if (rows.size() > options_.most_rows) rows.resize(options_.most_rows);
  }

  PathShapes shapes_;
  Side before_;
  Side after_;
  DiffOptions options_;
  std::vector<TypeGrowth> type_rows_;  // by type
  std::vector<PathCounts> path_counts_;
  PathForest forest_{HeapGraph()};  // of the second snapshot
  FlatArray<PathIndex> paths_;
  Diff diff_;
};

void DiffFinder::count_types() {
  type_rows_.resize(shapes_.type_count());
  for (NodeIndex node = 0; node < before_.graph.node_count(); ++node) {
    const std::uint64_t size_bytes = before_.graph.size_bytes(node);
    TypeGrowth& row = type_rows_[before_.type(node)];
    row.before.add(size_bytes);
    if (!before_.is_other[node]) continue;
    row.gone.add(size_bytes);
    diff_.gone_nodes.push_back(node);
  }
  for (NodeIndex node = 0; node < after_.graph.node_count(); ++node) {
    const std::uint64_t size_bytes = after_.graph.size_bytes(node);
    TypeGrowth& row = type_rows_[after_.type(node)];
    row.after.add(size_bytes);
    if (!after_.is_other[node]) continue;
    row.appeared.add(size_bytes);
    diff_.appeared_nodes.push_back(node);
  }
  for (const TypeGrowth& row : type_rows_) {
    diff_.before += row.before;
    diff_.after += row.after;
    diff_.appeared += row.appeared;
    diff_.gone += row.gone;
  }
}

Amount unreached(const HeapGraph& graph, const PathForest& forest) {
  Amount amount;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (forest.edge_by_node[node] == graph::kNoEdge) amount.add(graph.size_bytes(node));
  }
  return amount;
}

void DiffFinder::count_gone_paths() {
  const HeapGraph& graph = before_.graph;
  const PathForest forest(graph);
  diff_.unreached_before = unreached(graph, forest);
  const FlatArray<PathIndex> paths =
      shapes_.paths_of(graph, forest, before_.types, before_.is_other);
  path_counts_.resize(shapes_.path_count());
  for (const NodeIndex node : diff_.gone_nodes) {
    path_counts_[paths[node]].gone.add(graph.size_bytes(node));
  }
}

void DiffFinder::count_new_paths() {
  const HeapGraph& graph = after_.graph;
  forest_ = PathForest(graph);
  diff_.unreached_after = unreached(graph, forest_);
  paths_ = shapes_.paths_of(graph, forest_, after_.types, after_.is_other);
  path_counts_.resize(shapes_.path_count());
  for (const NodeIndex node : diff_.appeared_nodes) {
    PathCounts& counts = path_counts_[paths_[node]];
    counts.appeared.add(graph.size_bytes(node));
    if (counts.example == kNoNode) counts.example = node;
    if (forest_.edge_by_node[node] == graph::kNoEdge) {
      type_rows_[after_.type(node)].unreached.add(graph.size_bytes(node));
    }
  }
}

/// Of the new objects of each row, the parent that most have in common; of equal ones the first.
/// Roots hold what has no parent, and count as one holder.
template <class RowOfNode>
std::vector<Holder> DiffFinder::find_holders(std::size_t row_count, RowOfNode&& row_of_node) const {
  std::vector<std::uint64_t> row_and_parent;
  for (const NodeIndex node : diff_.appeared_nodes) {
    const std::uint32_t row = row_of_node(node);
    if (row == kNoRow || forest_.edge_by_node[node] == graph::kNoEdge) continue;
    row_and_parent.push_back(std::uint64_t{row} << 32 | forest_.parent_by_node[node]);
  }
  std::ranges::sort(row_and_parent);
  std::vector<Holder> holders(row_count);
  for (std::size_t at = 0; at < row_and_parent.size();) {
    const std::uint64_t both = row_and_parent[at];
    std::size_t end = at;
    while (end < row_and_parent.size() && row_and_parent[end] == both) ++end;
    Holder& holder = holders[both >> 32];
    if (end - at > holder.count) holder = {static_cast<NodeIndex>(both), end - at};
    at = end;
  }
  return holders;
}

void DiffFinder::make_type_rows() {
  std::vector<std::uint32_t> types;
  for (std::uint32_t type = 0; type < type_rows_.size(); ++type) {
    TypeGrowth& row = type_rows_[type];
    row.type = shapes_.type_name(type);
    if (row.before.count + row.after.count != 0) types.push_back(type);
  }
  std::ranges::sort(types, [&](std::uint32_t left, std::uint32_t right) {
    const TypeGrowth& a = type_rows_[left];
    const TypeGrowth& b = type_rows_[right];
    return std::pair<std::int64_t, const std::string&>(b.growth_bytes(), a.type) <
           std::pair<std::int64_t, const std::string&>(a.growth_bytes(), b.type);
  });
  const std::size_t row_count = std::min(types.size(), options_.most_rows);
  std::vector<std::uint32_t> row_by_type(type_rows_.size(), kNoRow);
  for (std::uint32_t row = 0; row < row_count; ++row) row_by_type[types[row]] = row;
  const std::vector<Holder> holders =
      find_holders(row_count, [&](NodeIndex node) { return row_by_type[after_.type(node)]; });
  for (std::size_t row = 0; row < types.size(); ++row) {
    if (row < row_count) type_rows_[types[row]].holder = holders[row];
    diff_.types.push_back(std::move(type_rows_[types[row]]));
  }
}

void DiffFinder::make_path_rows() {
  std::vector<PathIndex> paths;
  for (PathIndex path = 0; path < path_counts_.size(); ++path) {
    if (path_counts_[path].appeared.count + path_counts_[path].gone.count != 0) {
      paths.push_back(path);
    }
  }
  keep_first(paths, [&](PathIndex left, PathIndex right) {
    const auto growth = [&](PathIndex path) {
      return difference(path_counts_[path].appeared.bytes, path_counts_[path].gone.bytes);
    };
    return growth(left) != growth(right) ? growth(left) > growth(right) : left < right;
  });
  std::vector<std::uint32_t> row_by_path(path_counts_.size(), kNoRow);
  for (std::uint32_t row = 0; row < paths.size(); ++row) row_by_path[paths[row]] = row;
  const std::vector<Holder> holders =
      find_holders(paths.size(), [&](NodeIndex node) { return row_by_path[paths_[node]]; });
  for (std::size_t row = 0; row < paths.size(); ++row) {
    const PathCounts& counts = path_counts_[paths[row]];
    diff_.paths.push_back({shapes_.text(paths[row]), shapes_.end_type_name(paths[row]),
                           counts.appeared, counts.gone, counts.example, holders[row]});
  }
}

void DiffFinder::make_shape_rows() {
  std::map<ShapeKey, Amount> amounts;
  PathShapes::EdgeShapes edge_shapes(after_.graph, shapes_);
  ShapeKey last{};
  Amount* amount = nullptr;
  for (const NodeIndex node : diff_.appeared_nodes) {
    const std::uint32_t edge = forest_.edge_by_node[node];
    if (edge == graph::kNoEdge) continue;
    const NodeIndex parent = forest_.parent_by_node[node];
    ShapeKey key{kRoot, 0, after_.type(node)};
    if (parent == kNoNode) {
      std::get<1>(key) = shapes_.shape_of(after_.graph, after_.graph.roots()[edge]);
    } else {
      std::get<0>(key) = after_.type(parent);
      std::get<1>(key) = edge_shapes[edge];
    }
    if (amount == nullptr || key != last) amount = &amounts[key];
    last = key;
    amount->add(after_.graph.size_bytes(node));
  }
  std::vector<std::pair<ShapeKey, Amount>> rows(amounts.begin(), amounts.end());
  keep_first(rows, [](const auto& left, const auto& right) {
    const std::uint64_t left_bytes = left.second.bytes;
    const std::uint64_t right_bytes = right.second.bytes;
    return left_bytes != right_bytes ? left_bytes > right_bytes : left.first < right.first;
  });
  for (const auto& [key, sum] : rows) {
    const auto [holder, shape, type] = key;
    diff_.shapes.push_back({holder == kRoot ? "" : shapes_.type_name(holder),
                            shapes_.shape_text(shape), shapes_.type_name(type), sum});
  }
}

}  // namespace

std::int64_t TypeGrowth::growth_count() const {
  return difference(after.count, before.count);
}
std::int64_t TypeGrowth::growth_bytes() const {
  return difference(after.bytes, before.bytes);
}
std::int64_t PathGrowth::growth_count() const {
  return difference(appeared.count, gone.count);
}
std::int64_t PathGrowth::growth_bytes() const {
  return difference(appeared.bytes, gone.bytes);
}

Diff diff(const HeapGraph& before, const HeapGraph& after, DiffOptions options,
          Progress* progress) {
  return DiffFinder(before, after, options).compare(progress);
}

}  // namespace ouro::analysis
