// gc.collect() for who looks at a heap that has little garbage, or none.
//
// Precondition: with the GIL; walks_in_place().
#pragma once

#include <nanobind/nanobind.h>

#include "python/walker/in_process/garbage.hpp"

namespace ouro::extension {

/// Has the collector free what gc.collect() would, and only look at that: after it nothing that is
/// tracked is garbage, but what finalizers make. `collect`: gc.collect. `python_class`: any class
/// made in Python and derived from object. How many objects were unreachable.
nanobind::object collect(nanobind::handle collect, nanobind::handle python_class);

/// The end of it, when `garbage` was looked for with this result: has the collector free it, or
/// look itself where it is not known.
nanobind::object free_garbage(const python::walker::Garbage& garbage,
                              python::walker::Garbage::Result result, nanobind::handle collect);

void add_collect(nanobind::module_& module);

}  // namespace ouro::extension
