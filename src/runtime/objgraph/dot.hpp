// An object graph in Graphviz's language DOT.
#pragma once

#include <string>
#include <string_view>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/object_graph.hpp"

namespace ouro::objgraph {

std::string dot_text(const ObjectGraph& graph, const ShowOptions& options);

/// Any bytes as text for a label, of either kind DOT has ("..." and <...>): what would mean
/// something there, to DOT or to HTML, is written so that it does not; bytes that are no UTF-8, and
/// control characters, become U+FFFD.
std::string escape_label(std::string_view text);

}  // namespace ouro::objgraph
