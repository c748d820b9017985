// Recognises containers in the raw bytes of an object, where no type says that there is one.
//
// A pointer to references may own them or merely know of them, and only what is owned must be
// traced. So a container counts as found only by what no other data looks like: its parts confirm
// each other. Everything else is left to what its owner's destructor does (trace_check.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "runtime/checked/registry.hpp"

namespace ouro::detail::checked {

/// The first reference in [low, high) that is not null and that no trace function ever visited.
std::optional<RegisteredReference> find_unvisited(std::uintptr_t low, std::uintptr_t high);

/// If words[index] is a container's pointer to its buffer or first node, the first unvisited
/// reference there. `words` are those of the object at `object`.
std::optional<RegisteredReference> find_in_container(std::span<const std::uintptr_t> words,
                                                     std::size_t index, std::uintptr_t object);

}  // namespace ouro::detail::checked
