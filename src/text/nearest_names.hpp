// Suggestions for a node that is not there (base/nearest_names.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/plain_graph.hpp"

namespace ouro::text {

/// At most `count` names, nearest first, those of one distance in input order. A name that is there
/// is the only one near itself.
std::vector<std::string> nearest_names(const PlainGraph& graph, std::string_view name,
                                       std::size_t count);

/// "there is no node `Mian`; did you mean `Main` or `Mina`?"
std::string no_such_node_message(const PlainGraph& graph, std::string_view name);

}  // namespace ouro::text
