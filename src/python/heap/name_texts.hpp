// What the strings of a heap say where they are names: of attributes, variables, keys.
//
// Where values are left out (ReadOptions::keeps_values), the text of a string is known here alone,
// and given away only of interned ones: those are the names that stand in the program, not what it
// works on. Whoever asks for a text puts it into the file.
#pragma once

#include <string_view>

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"
#include "python/heap/growing_array.hpp"

namespace ouro::python::heap {

/// 'alice' as alice; a text that is no plain literal stays as it is.
std::string_view without_quotes(std::string_view repr);

class NameTexts {
 public:
  /// `heap` has flags and previews. Both are to outlive this.
  NameTexts(const CollectedHeap& collected, AssembledHeap& heap);

  /// As a literal of Python, 'alice', 42: a string of `heap`. 0: it has none that may be shown.
  graph::StringIndex literal(graph::NodeIndex object);
  /// The same without quotes.
  graph::StringIndex plain(graph::NodeIndex object);
  /// The literal, interned or not: of a string that is known to be the program's own.
  graph::StringIndex literal_of_program(graph::NodeIndex object);

 private:
  enum class Which { kInterned, kAny };
  graph::StringIndex literal(graph::NodeIndex object, Which which);

  AssembledHeap& heap_;
  const HeapStrings& hidden_;
  GrowingArray<graph::StringIndex> text_by_node_;
  GrowingArray<graph::StringIndex> hidden_by_node_;  ///< empty, or by all nodes
  GrowingArray<graph::StringIndex> plain_by_text_;   ///< 0: not made yet
};

}  // namespace ouro::python::heap
