// gc.get_objects() asked for counts, classes and addresses, in place: no list of all objects is
// made and no count changed but those of what is given back.
//
// Precondition of all: with the GIL; walks_in_place().
#pragma once

#include <span>

#include <nanobind/nanobind.h>

#include "python/walker/in_process/census.hpp"

namespace ouro::extension {

/// [(class, count), ...] in the order of their first objects.
nanobind::list type_counts();
/// The same of what was counted already.
nanobind::list list_of(std::span<const python::walker::ClassCount> counts);

/// The objects whose class has this name (a str), as `name_of(class)` gives it, which is asked only
/// of classes whose `__name__` cannot be read without Python and, where there is a dot in `name`,
/// of those whose `__name__` is its end.
nanobind::list objects_named(const nanobind::object& name, nanobind::handle name_of);

/// The tracked ones at these addresses (a set or list of int), in any order; None where one is no
/// int.
nanobind::object objects_at(nanobind::handle addresses);

/// Of a list or tuple of `objects`, or of all where None, those that no tracked object but
/// `objects` itself refers to.
nanobind::list unreferenced(nanobind::handle objects);

void add_tracked_objects(nanobind::module_& module);

}  // namespace ouro::extension
