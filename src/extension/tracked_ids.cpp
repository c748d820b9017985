#include "extension/tracked_ids.hpp"

#include <utility>

#include "extension/objects_of_python.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;

std::uint32_t TrackedIds::number_of(const nb::object& name) {
  if (PyObject* known = PyDict_GetItemWithError(numbers_.ptr(), name.ptr())) {
    return nb::cast<std::uint32_t>(nb::handle(known));
  }
  if (PyErr_Occurred() != nullptr) nb::raise_python_error();
  const auto number = static_cast<std::uint32_t>(rows_.size());
  numbers_[name] = number;
  rows_.push_back({.name = name, .new_ids = {}});
  return number;
}

nb::list TrackedIds::update(nb::handle name_of, nb::handle ids_by_name) {
  walker::TrackedLook look;
  if (!look.look()) raise_no_memory();
  std::vector<std::uint32_t> name_by_class;
  {
    const Kept classes(look.classes());
    for (walker::Object* type : look.classes()) {
      name_by_class.push_back(number_of(name_of(nb::handle(python_object(type)))));
    }
  }
  if (rows_.size() > walker::NamesByAddress::kMostNames) raise_no_memory();
  for (Row& row : rows_) {
    row.old_count = std::exchange(row.count, 0);
    row.new_count = 0;
    row.new_ids = nb::borrow(ids_by_name)[row.name];
    if (PySet_Clear(row.new_ids.ptr()) != 0) nb::raise_python_error();
  }
  for (std::size_t at = 0; at < name_by_class.size(); ++at) {
    rows_[name_by_class[at]].count += look.counts()[at];
  }

  struct Comparison {
    std::vector<Row>& rows;
    bool failed = false;
  } comparison{rows_};
  auto anew = seen_->is_used_up() ? std::make_unique<walker::NamesByAddress>() : nullptr;
  walker::NamesByAddress& now = anew != nullptr ? *anew : *seen_;
  const bool has_memory = look.compare(
      name_by_class, *seen_, now,
      [](std::uint64_t address, std::uint32_t name, void* argument) {
        auto& [rows, failed] = *static_cast<Comparison*>(argument);
        if (failed) return;
        Row& row = rows[name];
        ++row.new_count;
        const nb::object id = nb::steal(PyLong_FromUnsignedLongLong(address));
        failed = !id.is_valid() || PySet_Add(row.new_ids.ptr(), id.ptr()) != 0;
      },
      &comparison);
  if (comparison.failed) nb::raise_python_error();
  if (!has_memory) raise_no_memory();
  now.end_look();
  if (anew != nullptr) seen_ = std::move(anew);

  nb::list result;
  for (Row& row : rows_) {
    row.new_ids.reset();
    if (row.old_count == 0 && row.count == 0) {
      if (PyObject_DelItem(ids_by_name.ptr(), row.name.ptr()) != 0) nb::raise_python_error();
      continue;
    }
    result.append(nb::make_tuple(row.name, row.old_count, row.count, row.new_count));
  }
  return result;
}

void add_tracked_ids(nb::module_& module) {
  nb::class_<TrackedIds>(module, "TrackedIds")
      .def(nb::init<>())
      .def("update", &TrackedIds::update, "name_of"_a, "ids_by_name"_a);
}

}  // namespace ouro::extension
