// Where objects stand in a heap, said by shape: the types and edge shapes along the shortest path
// from a root.
//
//   app.cache[].sock        a root's name, then the shape of each step
//
// All connections in the cache stand at one path, whatever their keys; but global variables of a
// module are shown by name. Paths of the same shapes and other types are others. A step that occurs
// already on the path leads back to where it does, so that a list of any length, and a tree of any
// depth, is one path too: the step says so with "...":
//
//   app.head.next...
//
// Paths are numbered from 1, the same ones alike across graphs; 0 is that of objects which no root
// reaches.
//
// Time: O(nodes + edges) for the forest, then a lookup a node. Memory: 12 bytes a node for the
// forest; 40 a path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/flat_array.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// Shortest paths from the roots over references that are not weak, found breadth first.
struct PathForest {
  explicit PathForest(const graph::HeapGraph& graph);

  /// kNoNode of a root's node and of what is not reached.
  FlatArray<graph::NodeIndex> parent_by_node;
  /// The reference from the parent; of a root's node its place in roots(); else kNoEdge.
  FlatArray<std::uint32_t> edge_by_node;
  /// Those reached, each behind its parent.
  std::vector<graph::NodeIndex> order;
};

using PathIndex = std::uint32_t;
inline constexpr PathIndex kNoPath = 0;
/// Its text.
inline constexpr const char* kTextOfNoPath = "(not reached)";

class PathShapes {
 public:
  /// By type of the graph, and at the end one for types beyond its table.
  std::vector<std::uint32_t> types_of(const graph::HeapGraph& graph);
  const std::string& type_name(std::uint32_t type) const { return types_.text(type); }
  std::uint32_t type_count() const { return types_.count(); }

  /// The shapes of a graph's references, each looked up once.
  class EdgeShapes {
   public:
    EdgeShapes(const graph::HeapGraph& graph, PathShapes& shapes)
        : graph_(graph), shapes_(shapes) {}
    std::uint32_t operator[](graph::EdgeIndex edge);

   private:
    const graph::HeapGraph& graph_;
    PathShapes& shapes_;
    std::unordered_map<std::uint64_t, std::uint32_t> shape_by_kind_and_name_;
  };
  /// A root's kind and name.
  std::uint32_t shape_of(const graph::HeapGraph& graph, const graph::Root& root);
  const std::string& shape_text(std::uint32_t shape) const { return shapes_.text(shape); }

  /// The path of each node in `wanted`; of others maybe kNoPath. `types`: those of types_of().
  FlatArray<PathIndex> paths_of(const graph::HeapGraph& graph, const PathForest& forest,
                                const std::vector<std::uint32_t>& types,
                                const std::vector<bool>& wanted);
  /// kTextOfNoPath for kNoPath.
  std::string text(PathIndex path) const;
  /// Of the objects at the path; "" for kNoPath, where there are several.
  std::string end_type_name(PathIndex path) const;
  std::uint32_t path_count() const { return static_cast<std::uint32_t>(steps_.size()); }

 private:
  /// Numbers names alike across graphs.
  class Names {
   public:
    std::uint32_t number_of(std::string text);
    const std::string& text(std::uint32_t number) const { return texts_[number]; }
    std::uint32_t count() const { return static_cast<std::uint32_t>(texts_.size()); }

   private:
    std::unordered_map<std::string, std::uint32_t> number_by_text_;
    std::vector<std::string> texts_;
  };
  struct Step {
    PathIndex before = kNoPath;
    std::uint32_t shape = 0;
    std::uint32_t type = 0;
    bool is_repeated = false;
  };
  struct Key {
    PathIndex before;
    std::uint32_t shape;
    std::uint32_t type;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct HashOfKey {
    std::size_t operator()(const Key& key) const;
  };

  static bool is_namespace(const graph::HeapGraph& graph, const PathForest& forest,
                           graph::NodeIndex node);
  PathIndex path_of(const Key& key);
  PathIndex find_repeated(const Key& key);

  Names types_;
  Names shapes_;
  std::vector<Step> steps_{Step{}};
  std::unordered_map<Key, PathIndex, HashOfKey> path_by_key_;
};

}  // namespace ouro::analysis
