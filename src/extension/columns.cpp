#include "extension/columns.hpp"

#include <cstdint>
#include <memory>
#include <span>

#include <nanobind/ndarray.h>

namespace nb = nanobind;

namespace ouro::extension {

namespace {

template <class Value>
nb::object view_of(std::span<const Value> values, nb::handle owner) {
  // A null pointer is no buffer, even of nothing.
  static constexpr Value kNothing{};
  const Value* data = values.empty() ? &kNothing : values.data();
  return nb::cast(nb::ndarray<nb::memview, const Value, nb::ndim<1>>(data, {values.size()}, owner));
}

template <class Value>
nb::object view_of(const graph::Column& column, nb::handle owner) {
  return view_of(std::span(reinterpret_cast<const Value*>(column.data()), column.size()), owner);
}

nb::object values_of(const graph::Column& column, nb::handle owner) {
  switch (column.width()) {
    case 1:
      return view_of<std::uint8_t>(column, owner);
    case 2:
      return view_of<std::uint16_t>(column, owner);
    case 4:
      return view_of<std::uint32_t>(column, owner);
    default:
      return view_of<std::uint64_t>(column, owner);
  }
}

nb::tuple views_of(const graph::Column& column, nb::handle owner) {
  return nb::make_tuple(values_of(column, owner), view_of(column.exception_positions(), owner),
                        view_of(column.exception_values(), owner));
}

template <class Value>
nb::tuple views_of(std::span<const Value> values, nb::handle owner) {
  return nb::make_tuple(view_of(values, owner), nb::none(), nb::none());
}

}  // namespace

nb::tuple column(nb::handle heap, const std::string& name) {
  const graph::Columns& columns = nb::cast<Heap&>(heap).stored().columns();
  if (name == "type") return views_of(columns.types, heap);
  if (name == "size") return views_of(columns.sizes, heap);
  if (name == "count") return views_of(columns.counts, heap);
  if (name == "flags") return views_of(columns.flags, heap);
  if (name == "place") return views_of(columns.addresses.places(), heap);
  if (name == "kind") return views_of(columns.kinds, heap);
  if (name == "name") return views_of(columns.names, heap);
  if (name == "index") return views_of(columns.indexes, heap);
  if (name == "edge_begin") return views_of(columns.edge_begins, heap);
  if (name == "target") return views_of(columns.targets, heap);
  if (name == "preview_node") return views_of(columns.preview_nodes, heap);
  if (name == "preview_text") return views_of(columns.preview_texts, heap);
  throw nb::key_error(name.c_str());
}

nb::object addresses(nb::handle heap) {
  const graph::HeapGraph& graph = nb::cast<Heap&>(heap).stored();
  auto values = std::make_unique<std::uint64_t[]>(graph.node_count() + std::size_t{1});
  for (graph::NodeIndex node = 0; node < graph.node_count(); ++node) {
    values[node] = graph.address(node);
  }
  const std::span all(static_cast<const std::uint64_t*>(values.get()), graph.node_count());
  nb::capsule owner(values.release(),
                    [](void* memory) noexcept { delete[] static_cast<std::uint64_t*>(memory); });
  return view_of(all, owner);
}

nb::tuple strings(nb::handle heap) {
  const graph::Strings& strings = nb::cast<Heap&>(heap).stored().columns().strings;
  const std::string_view bytes = strings.bytes();
  const std::span as_bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return nb::make_tuple(view_of(strings.begins(), heap), view_of(as_bytes, heap));
}

}  // namespace ouro::extension
