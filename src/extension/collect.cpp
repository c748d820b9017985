#include "extension/collect.hpp"

#include "extension/objects_of_python.hpp"
#include "python/walker/walker.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;

using walker::Garbage;

nb::object free_garbage(const Garbage& garbage, Garbage::Result result, nb::handle collect) {
  if (result != Garbage::Result::kFound) return collect();
  // What begins to be tracked is youngest: the collector will find only this, by its own rules.
  for (walker::Object* object : garbage.objects()) {
    PyObject_GC_UnTrack(python_object(object));
    PyObject_GC_Track(python_object(object));
  }
  return collect(0);
}

nb::object collect(nb::handle collect, nb::handle python_class) {
  // The young are few. It also has the collector stop tracking tuples that need not be.
  const nb::object young = collect(1);
  if (walker::is_collecting()) return young;
  Garbage garbage;
  const auto result = garbage.find(walker_object(python_class.ptr()));
  if (result == Garbage::Result::kFound && garbage.objects().empty()) return young;
  return young + free_garbage(garbage, result, collect);
}

void add_collect(nb::module_& module) {
  module.def("collect", &collect, "collect"_a, "python_class"_a);
}

}  // namespace ouro::extension
