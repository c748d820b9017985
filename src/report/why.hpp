// `ouro why`: what keeps an object alive, as paths from what holds the heap from outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/folded_references.hpp"
#include "analysis/shortest_paths.hpp"
#include "graph/heap_graph.hpp"
#include "report/json.hpp"
#include "report/object_names.hpp"

namespace ouro::report {

struct WhyStep {
  std::string label;  ///< how the object before refers to it; "" of the first
  graph::NodeIndex node = graph::kNoNode;
};

struct WhyRoot {
  std::string kind;
  std::string name;  ///< may be empty
};

struct WhyPath {
  WhyRoot root;
  std::vector<WhyStep> steps;
  bool is_of_object = false;  ///< it has no reference: the root is the object asked for
};

struct Why {
  graph::NodeIndex node = graph::kNoNode;
  std::vector<WhyPath> paths;
  std::vector<WhyRoot> other_roots;  ///< of the object itself, beside that of a path of one step
  bool is_complete = true;           ///< no shorter path was left out
  bool is_by_holder = true;         ///< a path for each holder; else for each root, or kind of root
  bool is_cut = false;              ///< there may be more paths and roots than were asked for
  std::uint64_t holder_count = 0;   ///< references and roots that hold it directly
  bool has_all_paths = false;       ///< other references come from what it keeps alive itself
  std::vector<std::string> cycles;  ///< some of these: "Connection#1._conn_handler._conn"
  std::vector<WhyStep> holders;     ///< where nothing leads to it: what refers to it, some of them
};

/// What a variable stands in that an inner function uses, too. Roots name it and what is in it.
bool is_cell(const graph::HeapGraph& graph, graph::NodeIndex node);

/// A path as a person reads it: with the names of its fields, of a module its global variables
/// ("module app", ".cache" and not the module's dict, "['cache']"), of a function its variables
/// (not the cells they stand in).
WhyPath readable(const analysis::FoldedReferences& references, const analysis::Path& path);

/// The same as one expression: "app._CONNECTIONS[3]".
std::string expression_of(const WhyPath& path);

/// A way from an object: "Connection#1._conn_handler._conn".
std::string way_of(const analysis::FoldedReferences& references, const analysis::Path& path,
                   const ObjectNames& names);

std::string to_text(const Why& why, const graph::HeapGraph& graph, const ObjectNames& names,
                    std::size_t width);
Json to_json(const Why& why, const ObjectNames& names);

/// Lines of a path: the root, then "  label  object" aligned.
std::string to_text(const WhyPath& path, const ObjectNames& names, std::size_t width,
                    const std::string& indentation);
Json to_json(const WhyPath& path, const ObjectNames& names);

}  // namespace ouro::report
