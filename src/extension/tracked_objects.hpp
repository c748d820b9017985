// gc.get_objects() asked for counts, classes and addresses, in place: no list of all objects is
// made and no count changed but those of what is given back.
//
// Precondition of all: with the GIL; walks_in_place().
#pragma once

#include <string>

#include <nanobind/nanobind.h>

namespace ouro::extension {

/// [(class, count), ...] in the order of their first objects.
nanobind::list type_counts();

/// (objects, classes): the objects of classes that may have this `__name__`, and those classes.
/// With a dot in it: whose `__name__` may be its end. Whether they have is left to Python code.
nanobind::tuple objects_that_may_be_named(const std::string& name);

/// The tracked ones at these addresses (a set or list of int), in any order; None where one is no
/// int.
nanobind::object objects_at(nanobind::handle addresses);

/// Of a list or tuple of `objects`, or of all where None, those that no tracked object but
/// `objects` itself refers to.
nanobind::list unreferenced(nanobind::handle objects);

void add_tracked_objects(nanobind::module_& module);

}  // namespace ouro::extension
