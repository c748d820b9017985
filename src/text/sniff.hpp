// Which format a graph's first bytes are in.
#pragma once

#include <string_view>

namespace ouro::text {

enum class GraphFormat {
  kEdgeList,  // also what nothing else fits: its reader says what is wrong
  kDot,
  kOuro,
};

/// `first_bytes` decoded, the more the better: 64 KiB cover a long licence comment. DOT is what has
/// `graph` or `digraph` as its first word (behind `strict`, comments and blanks), then a name or
/// none, then `{`: the edge list "graph node" is not DOT.
GraphFormat sniff(std::string_view first_bytes);

}  // namespace ouro::text
