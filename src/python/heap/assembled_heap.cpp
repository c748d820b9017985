#include "python/heap/assembled_heap.hpp"

namespace ouro::python::heap {

graph::Columns AssembledHeap::columns() const {
  graph::Columns columns;
  columns.node_count = node_count();
  columns.edge_count = static_cast<std::uint32_t>(targets.size());
  columns.addresses = addresses.view();
  columns.types = types.view();
  columns.sizes = sizes.view();
  columns.counts = counts.view();
  columns.flags =
      graph::Column(reinterpret_cast<const std::byte*>(flags.data()), columns.node_count, 1);
  columns.preview_nodes = preview_nodes;
  columns.preview_texts = preview_texts;
  columns.edge_begins = edge_begins.span();
  columns.targets = targets.span();
  columns.kinds =
      graph::Column(reinterpret_cast<const std::byte*>(kinds.data()), columns.edge_count, 1);
  columns.names =
      graph::Column(reinterpret_cast<const std::byte*>(names.data()), columns.edge_count, 4);
  columns.indexes = indexes.view();
  columns.roots = roots;
  columns.types_table = type_rows;
  columns.facts = facts;
  columns.strings = strings.view();
  return columns;
}

}  // namespace ouro::python::heap
