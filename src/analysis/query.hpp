// Which objects a person means, in words that can be typed:
//
//   Connection               objects of the type, by its short or full name
//   *Handler  app.*          * stands for any characters
//   Connection#3             the third of them, in the order of the file
//   0x7f3a10                 the object at the address
//   size>1MiB  count=2       also >= < <= !=; of size, count, generation, refs (references it has)
//   tracked  frozen  immortal  finalized  class
//   .packets                 has a reference of that name
//   .packets=dict            ... to an object of that type
//   "alice"                  shows this text
//
// Words are separated by blanks, and an object must match all of them.
//
// Cost: one pass over the nodes for each kind of word used; references are looked at only where a
// word asks for them, and then only of nodes that match the rest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/base/result.hpp>
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

/// Compared with what it stands for by `matches`.
enum class Comparison : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual
};

struct QueryTerm {
  enum class Kind : std::uint8_t {
    kType,        ///< text: a pattern
    kRank,        ///< text: a pattern, number: from 1
    kAddress,     ///< number
    kSize,        ///< comparison, number
    kCount,       ///< comparison, number
    kGeneration,  ///< comparison, number
    kReferences,  ///< comparison, number
    kFlag,        ///< number: a bit of NodeFlags
    kField,       ///< text: the name, target: a type's pattern or empty
    kPreview,     ///< text
  };
  Kind kind;
  std::string text;
  std::string target;
  Comparison comparison = Comparison::kEqual;
  std::uint64_t number = 0;
};

struct Query {
  std::vector<QueryTerm> terms;

  bool needs_edges() const;
  bool needs_texts() const;
};

/// An error's message names the word that was not understood and what there is.
Result<Query> parse_query(std::string_view text);

/// In node order, the first `most` of them. A type that does not exist matches nothing. Needs
/// Part::kNodes, and what needs_edges() and needs_texts() say: kEdges with kEdgeLabels, kNodeTexts.
std::vector<graph::NodeIndex> select(const graph::HeapGraph& graph, const Query& query,
                                     std::size_t most = static_cast<std::size_t>(-1));

/// Whether a pattern with * fits the text.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace ouro::analysis
