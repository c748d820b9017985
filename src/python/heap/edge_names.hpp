// Turns the labels of references into names and indexes.
//
//   attribute, variable  label is a str:  conn          its text
//   value of a dict      label is a key:  'alice', 42   as people write it in Python
//                        without a text:  (tuple)       its type
//   item                 label is a place               the index
//
// One pass over the references; a name is mostly a look into an array.
#pragma once

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"
#include "python/heap/name_texts.hpp"

namespace ouro::python::heap {

/// Moves the kinds and labels of `collected` to kinds, names and indexes of `heap`, which has types
/// and previews already.
void name_edges(CollectedHeap& collected, NameTexts& texts, AssembledHeap& heap);

}  // namespace ouro::python::heap
