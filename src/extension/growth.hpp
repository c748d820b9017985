// What objgraph.growth() counts: what is tracked and no garbage, if there may be more of something.
//
// Precondition: with the GIL; walks_in_place().
#pragma once

#include <nanobind/nanobind.h>

namespace ouro::extension {

/// As type_counts() says after collect(), which has the same arguments. None, and most garbage left
/// alone, where no name of a class has more objects than `peaks` says, garbage counted: {name:
/// number}, or None to count in any case.
nanobind::object counts_if_grown(nanobind::handle collect, nanobind::handle python_class,
                                 nanobind::handle peaks);

void add_growth(nanobind::module_& module);

}  // namespace ouro::extension
