#include "graph/graph_builder.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ouro::graph {

namespace {

/// The memory behind a built graph's columns.
struct OwnedGraph {
  StringsBuilder strings;
  OwnedAddresses addresses;
  OwnedColumn types;
  OwnedColumn sizes;
  OwnedColumn counts;
  OwnedColumn flags;
  std::vector<NodeIndex> preview_nodes;
  std::vector<StringIndex> preview_texts;
  std::vector<EdgeIndex> edge_begins;
  std::vector<NodeIndex> targets;
  OwnedColumn kinds;
  OwnedColumn names;
  OwnedColumn indexes;
  std::vector<Root> roots;
  std::vector<TypeRow> types_table;
  std::vector<FactRow> facts;

  Columns columns() const {
    Columns columns;
    columns.node_count = static_cast<std::uint32_t>(edge_begins.size() - 1);
    columns.edge_count = static_cast<std::uint32_t>(targets.size());
    columns.addresses = addresses.view();
    columns.types = types.view();
    columns.sizes = sizes.view();
    columns.counts = counts.view();
    columns.flags = flags.view();
    columns.preview_nodes = preview_nodes;
    columns.preview_texts = preview_texts;
    columns.edge_begins = edge_begins;
    columns.targets = targets;
    columns.kinds = kinds.view();
    columns.names = names.view();
    columns.indexes = indexes.view();
    columns.roots = roots;
    columns.types_table = types_table;
    columns.facts = facts;
    columns.strings = strings.view();
    return columns;
  }
};

template <class Value>
std::vector<Value> permuted(std::vector<Value>&& values, const std::vector<EdgeIndex>& order) {
  std::vector<Value> moved(values.size());
  for (std::size_t at = 0; at < order.size(); ++at) moved[order[at]] = values[at];
  values = {};
  return moved;
}

/// Frees the vector's memory at once.
template <class Value>
OwnedColumn packed(std::vector<Value>& values) {
  OwnedColumn column{std::span<const Value>(values)};
  values = {};
  return column;
}

}  // namespace

TypeIndex GraphBuilder::add_type(std::string_view module, std::string_view name) {
  const TypeRow row{.name = strings_.add(name), .module = strings_.add(module)};
  const std::uint64_t key = std::uint64_t{row.module} << 32 | row.name;
  const auto [found, is_new] =
      type_by_names_.try_emplace(key, static_cast<TypeIndex>(types_.size()));
  if (is_new) types_.push_back(row);
  return found->second;
}

NodeIndex GraphBuilder::add_node(const NodeRow& row) {
  addresses_.push_back(row.address);
  node_types_.push_back(row.type);
  sizes_.push_back(row.size_bytes);
  counts_.push_back(row.reference_count);
  flags_.push_back(row.flags.byte());
  return static_cast<NodeIndex>(addresses_.size() - 1);
}

void GraphBuilder::set_preview(NodeIndex node, std::string_view text) {
  preview_nodes_.push_back(node);
  preview_texts_.push_back(strings_.add(text));
}

void GraphBuilder::add_edge(NodeIndex from, NodeIndex to, EdgeKind kind, std::string_view name,
                            std::uint64_t index) {
  add_edge(from, to, kind, strings_.add(name), index);
}

void GraphBuilder::add_edge(NodeIndex from, NodeIndex to, EdgeKind kind, StringIndex name,
                            std::uint64_t index) {
  sources_.push_back(from);
  targets_.push_back(to);
  kinds_.push_back(kind.byte());
  names_.push_back(name);
  indexes_.push_back(index);
}

void GraphBuilder::add_root(NodeIndex node, RootKind kind, std::string_view name,
                            std::uint32_t references) {
  roots_.push_back({node, kind, strings_.add(name), references});
}

void GraphBuilder::add_fact(std::string_view key, std::string_view value) {
  facts_.push_back({strings_.add(key), strings_.add(value)});
}

void GraphBuilder::sort_edges_by_source() {
  if (std::ranges::is_sorted(sources_)) return;
  std::vector<EdgeIndex> next(addresses_.size() + 1, 0);
  for (const NodeIndex source : sources_) ++next[source + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<EdgeIndex> order(sources_.size());
  for (std::size_t edge = 0; edge < order.size(); ++edge) order[edge] = next[sources_[edge]]++;
  sources_ = permuted(std::move(sources_), order);
  targets_ = permuted(std::move(targets_), order);
  kinds_ = permuted(std::move(kinds_), order);
  names_ = permuted(std::move(names_), order);
  indexes_ = permuted(std::move(indexes_), order);
}

HeapGraph GraphBuilder::build() && {
  sort_edges_by_source();
  auto owned = std::make_shared<OwnedGraph>();
  owned->edge_begins.assign(addresses_.size() + 1, 0);
  for (const NodeIndex source : sources_) ++owned->edge_begins[source + 1];
  std::partial_sum(owned->edge_begins.begin(), owned->edge_begins.end(),
                   owned->edge_begins.begin());
  sources_ = {};

  std::vector<std::size_t> order(preview_nodes_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t at) { return preview_nodes_[at]; });
  for (const std::size_t at : order) {
    owned->preview_nodes.push_back(preview_nodes_[at]);
    owned->preview_texts.push_back(preview_texts_[at]);
  }

  owned->addresses = OwnedAddresses(addresses_);
  addresses_ = {};
  owned->types = packed(node_types_);
  owned->sizes = packed(sizes_);
  owned->counts = packed(counts_);
  owned->flags = packed(flags_);
  owned->targets = std::move(targets_);
  owned->kinds = packed(kinds_);
  owned->names = packed(names_);
  owned->indexes = packed(indexes_);
  owned->roots = std::move(roots_);
  owned->types_table = std::move(types_);
  owned->facts = std::move(facts_);
  owned->strings = std::move(strings_);
  const Columns columns = owned->columns();
  return {columns, owned};
}

}  // namespace ouro::graph
