// gc.get_referrers for many objects at once, and the search for a chain of them.
//
// Precondition of all: with the GIL; walks_in_place().
#pragma once

#include <cstdint>

#include <nanobind/nanobind.h>

namespace ouro::extension {

/// For each of a list of objects a list of those that refer to it, in the order of
/// gc.get_objects(); without the list that was given.
nanobind::list referrers_of_each(nanobind::list targets);

/// The shortest chain [start, ..., object] of referrers from one that `predicate` accepts, or None.
/// Never through objects whose ids are in `ignored`, and no longer than `most_steps` + 1. As in
/// objgraph a chain does not begin at garbage: `collect()` is called where it would, and the
/// search begun again.
nanobind::object find_backref_chain(nanobind::object object, nanobind::object predicate,
                                    std::int64_t most_steps, nanobind::handle ignored,
                                    nanobind::handle collect);

void add_referrers(nanobind::module_& module);

}  // namespace ouro::extension
