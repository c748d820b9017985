// Reads a graph in the DOT language of Graphviz, all of its grammar that says which nodes and edges
// there are:
//
//   strict digraph "services" {
//     node [shape=box]; rankdir = LR             // attributes are skipped
//     web -> api -> { db cache } [weight=2]      // chains; a subgraph stands for all of its nodes
//     a, b -> c:port:ne                          // lists; ports are skipped
//     subgraph cluster_jobs { cron; "nightly run" -> db }
//   }
//
// A node's name is what Graphviz calls it: quotes removed, \" in them a quote, everything else
// kept; parts joined by +. A name in HTML keeps its angle brackets. In an undirected graph an edge
// goes both ways (a loop once). `strict` merges parallel edges. A named subgraph that is opened
// again has what it had before. Comments: //, /* */, and lines that begin with #. UTF-8 is meant
// and not checked. A second graph in the file is an error, as is a number that goes on as a name
// (1a), which Graphviz splits in two with a warning.
//
// A parser by states with its own stack for nested subgraphs, so no depth touches the program's;
// the text is never in memory as a whole. An edge between subgraphs is the edges between all of
// their nodes: {a b} -> {c d} are four. Memory: the builder's, and 4 bytes for each mention of a
// node inside a subgraph. Errors name line and column (of characters).
#pragma once

#include <ouro/base/result.hpp>

#include "base/progress.hpp"
#include "text/input.hpp"
#include "text/plain_graph.hpp"

namespace ouro::text {

Result<PlainGraph> read_dot(Input& input, Progress* progress = nullptr);

}  // namespace ouro::text
