// Turns the labels of references into names and indexes.
//
//   attribute, variable  label is a str:  conn          its text
//   value of a dict      label is a key:  'alice', 42   as people write it in Python
//                        without a text:  (tuple)       its type
//   item                 label is a place               the index
//
// One pass over the references. Texts of strings stand in the graph as previews already, so a name
// is mostly a look into an array; the text without quotes is made once for each string.
#pragma once

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"

namespace ouro::python::heap {

/// Moves the kinds and labels of `collected` to kinds, names and indexes of `heap`, which has types
/// and previews already.
void name_edges(CollectedHeap& collected, AssembledHeap& heap);

/// 'alice' as alice; a text that is no plain literal stays as it is.
std::string_view without_quotes(std::string_view repr);

}  // namespace ouro::python::heap
