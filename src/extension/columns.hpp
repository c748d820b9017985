// The columns of a heap graph as memoryviews onto its memory: nothing is copied, and a view keeps
// the heap.
#pragma once

#include <string>

#include <nanobind/nanobind.h>

#include "extension/heap.hpp"

namespace ouro::extension {

/// Of "type", "size", "count", "flags", "kind", "name", "index", "target", "edge_begin", "place":
/// (values, positions, values there). The last two are where a value is too large for the width of
/// the first (graph/column.hpp). An empty column stands for zeros. As the file has it: without
/// folding.
nanobind::tuple column(nanobind::handle heap, const std::string& name);

/// The addresses of all nodes, unsigned numbers of 8 bytes: made from the compressed ones.
nanobind::object addresses(nanobind::handle heap);

/// (begins, bytes) of the table of strings.
nanobind::tuple strings(nanobind::handle heap);

}  // namespace ouro::extension
