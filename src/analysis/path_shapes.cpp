#include "analysis/path_shapes.hpp"

#include <algorithm>
#include <utility>

#include "analysis/root_words.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::kNoEdge;
using graph::kNoNode;
using graph::NodeIndex;

PathForest::PathForest(const HeapGraph& graph)
    : parent_by_node(graph.node_count(), kNoNode), edge_by_node(graph.node_count(), kNoEdge) {
  // Growing would take three times the memory at the end.
  order.reserve(graph.node_count());
  for (std::uint32_t at = 0; at < graph.roots().size(); ++at) {
    const NodeIndex node = graph.roots()[at].node;
    if (edge_by_node[node] != kNoEdge) continue;
    edge_by_node[node] = at;
    order.push_back(node);
  }
  for (std::size_t at = 0; at < order.size(); ++at) {
    const NodeIndex node = order[at];
    const EdgeIndex end = graph.edges_end(node);
    for (EdgeIndex edge = graph.edges_begin(node); edge < end; ++edge) {
      const NodeIndex target = graph.target(edge);
      if (edge_by_node[target] != kNoEdge || graph.kind(edge).is_weak()) continue;
      edge_by_node[target] = edge;
      parent_by_node[target] = node;
      order.push_back(target);
    }
  }
}

std::uint32_t PathShapes::Names::number_of(std::string text) {
  const auto [found, is_new] = number_by_text_.try_emplace(std::move(text), count());
  if (is_new) texts_.push_back(found->first);
  return found->second;
}

std::vector<std::uint32_t> PathShapes::types_of(const HeapGraph& graph) {
  std::vector<std::uint32_t> types;
  for (graph::TypeIndex type = 0; type <= graph.type_count(); ++type) {
    types.push_back(types_.number_of(graph.type_name(type)));
  }
  return types;
}

std::uint32_t PathShapes::EdgeShapes::operator[](EdgeIndex edge) {
  const graph::EdgeKind kind = graph_.kind(edge);
  // A dict has a name for each of its keys, and one shape.
  const bool is_named =
      kind.meaning() != EdgeMeaning::kKey && kind.meaning() != EdgeMeaning::kValue;
  const std::uint64_t name = is_named ? graph_.edge_name(edge) : 0;
  const auto [found, is_new] = shape_by_kind_and_name_.try_emplace(name << 8 | kind.byte(), 0);
  if (is_new) found->second = shapes_.shapes_.number_of(graph_.edge_shape(edge));
  return found->second;
}

std::uint32_t PathShapes::shape_of(const HeapGraph& graph, const graph::Root& root) {
  const std::string_view name = graph.string(root.name);
  return shapes_.number_of(name.empty() ? std::string(name_of(root.kind)) : short_root_name(name));
}

std::size_t PathShapes::HashOfKey::operator()(const Key& key) const {
  std::uint64_t hash = std::uint64_t{key.before} << 32 | key.type;
  hash = (hash ^ (std::uint64_t{key.shape} << 17)) * 0x9E3779B97F4A7C15u;
  return static_cast<std::size_t>(hash ^ (hash >> 29));
}

/// The nearest path before this step that ends with the same step. A path has no step twice, so
/// the search is short, but for paths made to be long.
PathIndex PathShapes::find_repeated(const Key& key) {
  constexpr int kMostSteps = 64;
  PathIndex path = key.before;
  for (int step = 0; step < kMostSteps && path != kNoPath; ++step, path = steps_[path].before) {
    if (steps_[path].shape == key.shape && steps_[path].type == key.type) return path;
  }
  return kNoPath;
}

PathIndex PathShapes::path_of(const Key& key) {
  const auto [found, is_new] = path_by_key_.try_emplace(key, kNoPath);
  if (!is_new) return found->second;
  if (const PathIndex repeated = find_repeated(key); repeated != kNoPath) {
    steps_[repeated].is_repeated = true;
    return found->second = repeated;
  }
  steps_.push_back({key.before, key.shape, key.type});
  return found->second = static_cast<PathIndex>(steps_.size() - 1);
}

/// The dict of a module, whose keys are the names of global variables.
bool PathShapes::is_namespace(const HeapGraph& graph, const PathForest& forest, NodeIndex node) {
  if (forest.parent_by_node[node] != kNoNode) return false;
  const graph::Root& root = graph.roots()[forest.edge_by_node[node]];
  return root.kind == graph::RootKind::kGlobal && module_of(graph.string(root.name)) &&
         graph.short_type_name(graph.type(node)) == "dict";
}

FlatArray<PathIndex> PathShapes::paths_of(const HeapGraph& graph, const PathForest& forest,
                                          const std::vector<std::uint32_t>& types,
                                          const std::vector<bool>& wanted) {
  // Marked first, then replaced by the path: parents come before their children in the order.
  constexpr PathIndex kWanted = 1;
  FlatArray<PathIndex> path_by_node(graph.node_count(), kNoPath);
  for (std::size_t at = forest.order.size(); at-- > 0;) {
    const NodeIndex node = forest.order[at];
    if (wanted[node]) path_by_node[node] = kWanted;
    const NodeIndex parent = forest.parent_by_node[node];
    if (path_by_node[node] == kWanted && parent != kNoNode) path_by_node[parent] = kWanted;
  }
  EdgeShapes edge_shapes(graph, *this);
  // Neighbours in the order are mostly siblings.
  Key last_key{kNoPath, 0, 0};
  PathIndex last_path = kNoPath;
  for (const NodeIndex node : forest.order) {
    if (path_by_node[node] != kWanted) continue;
    const NodeIndex parent = forest.parent_by_node[node];
    const std::size_t type = std::min<std::size_t>(graph.type(node), types.size() - 1);
    Key key{kNoPath, 0, types[type]};
    if (parent == kNoNode) {
      key.shape = shape_of(graph, graph.roots()[forest.edge_by_node[node]]);
    } else {
      key.before = path_by_node[parent];
      const EdgeIndex edge = forest.edge_by_node[node];
      key.shape =
          is_namespace(graph, forest, parent)
              ? shapes_.number_of(graph::attribute_label(graph.string(graph.edge_name(edge))))
              : edge_shapes[edge];
    }
    if (last_path == kNoPath || key != last_key) {
      last_path = path_of(key);
      last_key = key;
    }
    path_by_node[node] = last_path;
  }
  return path_by_node;
}

std::string PathShapes::end_type_name(PathIndex path) const {
  return path == kNoPath ? "" : types_.text(steps_[path].type);
}

std::string PathShapes::text(PathIndex path) const {
  if (path == kNoPath) return kTextOfNoPath;
  std::vector<PathIndex> paths;
  for (; path != kNoPath; path = steps_[path].before) paths.push_back(path);
  std::string text;
  for (auto at = paths.rbegin(); at != paths.rend(); ++at) {
    const Step& step = steps_[*at];
    text.append(shapes_.text(step.shape)).append(step.is_repeated ? "..." : "");
  }
  return text;
}

}  // namespace ouro::analysis
