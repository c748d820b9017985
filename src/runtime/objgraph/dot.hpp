// An object graph in Graphviz's language DOT.
#pragma once

#include <string>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/object_graph.hpp"

namespace ouro::objgraph {

std::string dot_text(const ObjectGraph& graph, const ShowOptions& options);

}  // namespace ouro::objgraph
