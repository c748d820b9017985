#include "extension/tracked_objects.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include <nanobind/stl/string.h>

#include "extension/objects_of_python.hpp"
#include "extension/plain_names.hpp"
#include "extension/walker_here.hpp"
#include "python/walker/in_process/census.hpp"
#include "python/walker/in_process/unreferenced.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace {

namespace walker = python::walker;
using walker::Object;

struct NameSearch {
  std::string_view name;
  bool is_qualified;
  // What Python has to say the name of.
  std::vector<Object*> uncertain_classes;
  std::vector<Object*> uncertain_objects;
};

walker::Choice choose_by_name(Object* type, void* argument) {
  auto& search = *static_cast<NameSearch*>(argument);
  const std::string_view name = plain_name_of(type);
  if (!name.empty() && !search.is_qualified) {
    return search.name == name ? walker::Choice::kYes : walker::Choice::kNo;
  }
  if (!search.name.ends_with(name)) return walker::Choice::kNo;
  search.uncertain_classes.push_back(type);
  return walker::Choice::kPerhaps;
}

void keep_named(Object* object, walker::Choice choice, void* argument) {
  keep(object);
  if (choice == walker::Choice::kPerhaps) {
    static_cast<NameSearch*>(argument)->uncertain_objects.push_back(object);
  }
}

}  // namespace

nb::list list_of(std::span<const walker::ClassCount> counts) {
  std::vector<walker::ClassCount> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.first_place < b.first_place; });
  std::vector<Object*> classes;
  for (const walker::ClassCount& one : sorted) classes.push_back(one.type);
  const Kept kept(classes);
  nb::list list;
  for (const walker::ClassCount& one : sorted) {
    list.append(nb::make_tuple(nb::handle(python_object(one.type)), one.count));
  }
  return list;
}

nb::list type_counts() {
  walker::Census census;
  if (!census.take()) raise_no_memory();
  return list_of(census.classes());
}

nb::list objects_named(const nb::object& name, nb::handle name_of) {
  const std::string text = nb::cast<std::string>(name);
  NameSearch search{.name = text,
                    .is_qualified = text.find('.') != text.npos,
                    .uncertain_classes = {},
                    .uncertain_objects = {}};
  walker::ObjectsOfClasses found;
  const bool has_memory = found.find(choose_by_name, &search, keep_named);
  Kept objects(found.objects(), Kept::Counts::kTakenOver);
  if (!has_memory) raise_no_memory();
  walker::AddressTable other_classes;
  const Kept classes(search.uncertain_classes);
  for (Object* type : search.uncertain_classes) {
    if (name_of(nb::handle(python_object(type))).equal(name)) continue;
    other_classes.number_of(walker::address_of(type));
  }
  // To look at each object again would take as long as to find them.
  walker::AddressTable others;
  for (Object* object : search.uncertain_objects) {
    if (!other_classes.contains(walker::address_of(walker::type_of(object)))) continue;
    others.number_of(walker::address_of(object));
  }
  if (others.count() == 0) return objects.to_list();
  objects.release();
  std::vector<Object*> chosen;
  std::vector<Object*> given_back;
  for (Object* object : found.objects()) {
    (others.contains(walker::address_of(object)) ? given_back : chosen).push_back(object);
  }
  const Kept rest(given_back, Kept::Counts::kTakenOver);
  return Kept(chosen, Kept::Counts::kTakenOver).to_list();
}

nb::object objects_at(nb::handle addresses) {
  walker::ObjectsAtAddresses found;
  for (const nb::handle address : addresses) {
    if (!PyLong_CheckExact(address.ptr())) return nb::none();
    const std::uint64_t value = PyLong_AsUnsignedLongLong(address.ptr());
    if (PyErr_Occurred() != nullptr) {
      PyErr_Clear();  // too large, or negative: no address
    } else if (!found.add(value)) {
      raise_no_memory();
    }
  }
  if (!found.find()) raise_no_memory();
  return Kept(found.objects()).to_list();
}

nb::list unreferenced(nb::handle objects) {
  walker::Unreferenced search;
  if (!search.mark(objects.is_none() ? nullptr : walker_object(objects.ptr()))) raise_no_memory();
  if (objects.is_none()) {
    if (!search.look()) raise_no_memory();
    return Kept(search.objects()).to_list();
  }
  nb::list found;
  for (const nb::handle object : objects) {
    if (!search.is_referenced(walker_object(object.ptr()))) found.append(object);
  }
  return found;
}

void add_tracked_objects(nb::module_& module) {
  module.def("walks_in_place", &walks_in_place);
  module.def("type_counts", &type_counts);
  module.def("objects_named", &objects_named, "name"_a, "name_of"_a);
  module.def("objects_at", &objects_at, "addresses"_a);
  module.def("unreferenced", &unreferenced, "objects"_a.none());
}

}  // namespace ouro::extension
