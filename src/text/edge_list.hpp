// Reads an edge list, the plainest way to write a graph down:
//
//   # services and what they call          a comment, to the end of the line
//   web api                                an edge from web to api
//   api,db                                 commas and tabs separate as well,
//   api , cache  # by way of the proxy     with blanks around them
//   cron                                   a node without edges (yet)
//
// A name is any run of bytes without blanks, tabs, commas and line ends; UTF-8 is meant and not
// checked. Quotes are part of a name: they do not hold blanks together. `#` begins a comment where
// a name could begin, so `C#` is a name. A carriage return counts as a blank (CRLF files), a byte
// order mark at the start is skipped. Every line that is neither empty nor one or two names is an
// error with its number.
//
// Lines of two plain numbers, most of a large file, go a way of their own: 8 digits at a time in
// one register (number_scan.hpp). Everything else is read byte by byte through a table of character
// classes. Lines end at a sentinel, the line feed, so nothing checks for the end of the block. The
// names of 256 lines wait together for what memory knows of them (node_names.hpp).
//
// Cost: one pass; memory is the builder's, two blocks, and the longest line.
#pragma once

#include <ouro/base/result.hpp>

#include "base/progress.hpp"
#include "text/input.hpp"
#include "text/plain_graph.hpp"

namespace ouro::text {

Result<PlainGraph> read_edge_list(Input& input, Progress* progress = nullptr);

}  // namespace ouro::text
