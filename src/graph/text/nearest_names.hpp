// The names that somebody may have meant who wrote one that is not there.
//
// Distance: insertions, deletions, replacements of a character, and swaps of two neighbours, each
// one step (optimal string alignment; Damerau 1964, Wagner and Fischer 1974). Characters are those
// of UTF-8. Names further than a third of the longer one's length (at least one step) are no
// suggestion.
//
// Most names are refused by a bound that costs no table: the lengths differ too much, or the sets
// of bytes do, since a step brings at most one new byte into a set (or four, a character that is
// not ASCII). The table is computed only along its diagonal, as wide as steps are allowed (Ukkonen
// 1985), and no wider than what would be nearer than the names found so far. Time: a look at every
// name, O(length * steps) for those that pass.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graph/text/plain_graph.hpp"

namespace ouro::graph {

/// At most `count` names, nearest first, those of one distance in input order. A name that is there
/// is the only one near itself.
std::vector<std::string> nearest_names(const PlainGraph& graph, std::string_view name,
                                       std::size_t count);

/// "there is no node `Mian`; did you mean `Main` or `Mina`?"
std::string no_such_node_message(const PlainGraph& graph, std::string_view name);

}  // namespace ouro::graph
