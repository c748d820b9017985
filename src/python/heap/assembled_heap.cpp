#include "python/heap/assembled_heap.hpp"

#include <algorithm>

#include "base/sort_stably.hpp"

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
  columns.preview_nodes = preview_nodes.span();
  columns.preview_texts = preview_texts.span();
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

void AssembledHeap::add_previews(std::vector<NodeText> texts) {
  sort_stably(texts, {}, &NodeText::node);
  const auto repeated = std::ranges::unique(texts, {}, &NodeText::node);
  texts.erase(repeated.begin(), repeated.end());
  std::erase_if(texts, [this](const NodeText& text) {
    return std::ranges::binary_search(preview_nodes.span(), text.node);
  });
  // Merged from the back, where there is room.
  std::size_t from = preview_nodes.size();
  std::size_t to = from + texts.size();
  preview_nodes.extend(texts.size());
  preview_texts.extend(texts.size());
  while (!texts.empty()) {
    --to;
    if (from > 0 && preview_nodes[from - 1] > texts.back().node) {
      --from;
      preview_nodes[to] = preview_nodes[from];
      preview_texts[to] = preview_texts[from];
    } else {
      preview_nodes[to] = texts.back().node;
      preview_texts[to] = texts.back().text;
      texts.pop_back();
    }
  }
}

}  // namespace ouro::python::heap
