// The search for a chain of referrers.
//
// Precondition of all: with the GIL; walks_in_place().
#pragma once

#include <cstdint>

#include <nanobind/nanobind.h>

namespace ouro::extension {

/// The shortest chain [start, ..., object] of referrers from one that `predicate` accepts, or None.
/// The object is the only one of a list of the caller's: arguments lie where no count says whose
/// they are. Never through objects whose ids are in `ignored`, and no longer than `most_steps` + 1.
/// As in objgraph a chain does not begin at garbage: `collect()` is called where it would, and the
/// search begun again.
nanobind::object find_backref_chain(nanobind::list object_in_list, nanobind::object predicate,
                                    std::int64_t most_steps, nanobind::handle ignored,
                                    nanobind::list own, nanobind::handle collect);

void add_referrers(nanobind::module_& module);

}  // namespace ouro::extension
