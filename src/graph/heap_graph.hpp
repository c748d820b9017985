// A heap at one moment: objects, what they refer to, and what holds them from outside. Or any other
// directed graph.
//
//   nodes        0        1        2            in the order of their capture, which is mostly that
//             +--------+--------+--------+      of memory: neighbours in the columns are neighbours
//   address   |        |        |        |      in the heap, and analyses run 7 to 39 times faster
//   type      |        |        |        |      than on a random graph (bench/README.md)
//   size      |        |        |        |
//   count     |        |        |        |
//   flags     |        |        |        |
//             +--------+--------+--------+
//   edges_of(0) = [edge_begins[0], edge_begins[1])
//                |  |
//   target      [1][2]...      edges, by source
//   kind        [ ][ ]
//   name        [ ][ ]         a string: a field, an attribute, a key; "[]" in it stands for the
//   index index       [ ][ ]         a place in a sequence
//
// Memory: as docs/format/ouro-file.md says, at most 16 bytes a node and 12 an edge, strings aside;
// of a graph opened from a file nothing is read before it is asked for.
//
// A HeapGraph is a value: copies share the memory. Constant after it was made, so thread-safe.
//
// Invariants (for a graph from a file: once require() has succeeded)
//  1. edge_begins rises from 0 to edge_count; every target is a node.
//  2. Types, strings and roots are in range.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/base/result.hpp>
#include "graph/addresses.hpp"
#include "graph/column.hpp"
#include "graph/edge_kind.hpp"
#include "graph/indexes.hpp"
#include "graph/node_flags.hpp"
#include "graph/root.hpp"
#include "graph/strings.hpp"

namespace ouro::graph {

struct TypeRow {
  StringIndex name = 0;      ///< "Dungeon", "dict"
  StringIndex module = 0;    ///< "builtins", "app.models"; empty in C++, where the name has it all
  NodeIndex node = kNoNode;  ///< the class itself, where it is an object
};

/// Something that holds of the whole process or graph: "pid" is "4711".
struct FactRow {
  StringIndex key = 0;
  StringIndex value = 0;
};

/// The parts of a graph, for require().
enum class Part : unsigned { kNodes = 1, kEdges = 2, kEdgeLabels = 4, kNodeTexts = 8 };
inline constexpr unsigned kAllParts = 15;

/// The memory of a graph, as views. What has no meaning in a graph is empty: then every node has
/// the value 0.
struct Columns {
  std::uint32_t node_count = 0;
  std::uint32_t edge_count = 0;

  Addresses addresses;
  Column types;
  Column sizes;   ///< bytes, of the object alone
  Column counts;  ///< references, as the object counts them
  Column flags;   ///< NodeFlags
  /// What the object is, for people: the text of a string, the value of a number. By node, as
  /// pairs that rise: most objects have none.
  std::span<const NodeIndex> preview_nodes;
  std::span<const StringIndex> preview_texts;

  std::span<const EdgeIndex> edge_begins;  ///< node_count + 1
  std::span<const NodeIndex> targets;
  Column kinds;    ///< EdgeKind
  Column names;    ///< StringIndex
  Column indexes;  ///< place in a sequence

  std::span<const Root> roots;
  std::span<const TypeRow> types_table;
  std::span<const FactRow> facts;
  Strings strings;
};

/// The label of an attribute: ".conn". Of a key of a namespace, too: ".conn" for "'conn'", but
/// "['a b']", which could not stand behind a dot.
std::string attribute_label(std::string_view name);

/// Checks parts of a graph that comes from a file, each once.
class PartChecker {
 public:
  virtual ~PartChecker() = default;
  /// An error, or nothing. `parts` is a set of Part.
  virtual std::optional<Error> check(unsigned parts) const = 0;
};

class HeapGraph {
 public:
  HeapGraph() = default;
  /// `owner` keeps the memory of the columns; `checker` may be null.
  HeapGraph(Columns columns, std::shared_ptr<const void> owner,
            std::shared_ptr<const PartChecker> checker = nullptr)
      : columns_(std::move(columns)), owner_(std::move(owner)), checker_(std::move(checker)) {}

  /// Has to be called before parts of a graph from a file are looked at: reads them once from end
  /// to end, and says what is wrong with them. `parts`: a sum of Part, as in
  /// unsigned(Part::kNodes) | unsigned(Part::kEdges).
  std::optional<Error> require(unsigned parts = kAllParts) const {
    return checker_ == nullptr ? std::nullopt : checker_->check(parts);
  }

  std::uint32_t node_count() const { return columns_.node_count; }
  std::uint32_t edge_count() const { return columns_.edge_count; }
  std::uint32_t type_count() const {
    return static_cast<std::uint32_t>(columns_.types_table.size());
  }

  // ---- nodes; needs Part::kNodes
  std::uint64_t address(NodeIndex node) const {
    return has(columns_.addresses.places()) ? columns_.addresses[node] : 0;
  }
  /// A row of types(), or type_count() where the file names one that is not there: so whoever
  /// counts by type needs a place more, and none by what a file claims.
  TypeIndex type(NodeIndex node) const {
    return static_cast<TypeIndex>(
        std::min<std::uint64_t>(value(columns_.types, node), columns_.types_table.size()));
  }
  std::uint64_t size_bytes(NodeIndex node) const { return value(columns_.sizes, node); }
  std::uint64_t reference_count(NodeIndex node) const { return value(columns_.counts, node); }
  NodeFlags flags(NodeIndex node) const {
    return NodeFlags(static_cast<std::uint8_t>(value(columns_.flags, node)));
  }
  /// Needs Part::kNodeTexts. Empty where the node has none.
  std::string_view preview(NodeIndex node) const;
  /// "app.Connection", "dict": the module is left out where it is the builtins', __main__, or there
  /// is none. "node" where the type is none.
  std::string type_name(TypeIndex type) const;
  /// The same with the module wherever there is one: "__main__.Connection".
  std::string full_type_name(TypeIndex type) const;
  std::string_view short_type_name(TypeIndex type) const;

  // ---- edges; needs Part::kEdges
  std::span<const EdgeIndex> edge_begins() const { return columns_.edge_begins; }
  std::span<const NodeIndex> all_targets() const { return columns_.targets; }
  EdgeIndex edges_begin(NodeIndex node) const { return columns_.edge_begins[node]; }
  EdgeIndex edges_end(NodeIndex node) const { return columns_.edge_begins[node + 1]; }
  std::span<const NodeIndex> targets(NodeIndex node) const {
    return columns_.targets.subspan(edges_begin(node), edges_end(node) - edges_begin(node));
  }
  NodeIndex target(EdgeIndex edge) const { return columns_.targets[edge]; }
  EdgeKind kind(EdgeIndex edge) const {
    return EdgeKind::from_byte(static_cast<std::uint8_t>(value(columns_.kinds, edge)));
  }
  /// Binary search in edge_begins.
  NodeIndex source(EdgeIndex edge) const;

  // ---- labels of edges; needs Part::kEdgeLabels
  StringIndex edge_name(EdgeIndex edge) const {
    return static_cast<StringIndex>(value(columns_.names, edge));
  }
  std::uint64_t edge_index(EdgeIndex edge) const { return value(columns_.indexes, edge); }
  /// As people write it behind the object: ".monsters[3]", "['alice']", "[7]".
  std::string edge_label(EdgeIndex edge) const;
  /// The same for all edges of a kind that do the same work, so without index and key:
  /// ".monsters[]", "[]".
  std::string edge_shape(EdgeIndex edge) const;

  // ---- tables; always there
  std::span<const Root> roots() const { return columns_.roots; }
  std::span<const TypeRow> types() const { return columns_.types_table; }
  std::span<const FactRow> facts() const { return columns_.facts; }
  /// The fact of the key, or "".
  std::string_view fact(std::string_view key) const;
  std::string_view string(StringIndex index) const { return columns_.strings[index]; }

  const Columns& columns() const { return columns_; }

 private:
  static bool has(const Column& column) { return column.size() != 0; }
  static std::uint64_t value(const Column& column, std::uint32_t position) {
    return has(column) ? column[position] : 0;
  }

  Columns columns_;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<const PartChecker> checker_;
};

}  // namespace ouro::graph
