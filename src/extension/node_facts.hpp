// Single nodes and small tables of a heap, as Python's own tuples.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <nanobind/nanobind.h>

#include "extension/heap.hpp"

namespace ouro::extension {

/// A str; what is no UTF-8 becomes U+FFFD.
nanobind::object text_of(std::string_view text);

/// The node at an address, or None. One pass over the addresses.
nanobind::object node_at(const std::shared_ptr<Heap>& heap, std::uint64_t address);

/// [(label, target, is_weak), ...] in the order of the object.
nanobind::list references_of(const std::shared_ptr<Heap>& heap, graph::NodeIndex node);
/// [(source, label, is_weak), ...] by source; the first call makes the reverse edges.
nanobind::list referrers_of(const std::shared_ptr<Heap>& heap, graph::NodeIndex node);

/// [(name, module, node of the class or None), ...] by number of the type.
nanobind::list types_of(const std::shared_ptr<Heap>& heap);
/// [(node, kind, name, references), ...].
nanobind::list roots_of(const std::shared_ptr<Heap>& heap);

}  // namespace ouro::extension
