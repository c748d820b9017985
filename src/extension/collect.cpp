#include "extension/collect.hpp"

#include "extension/objects_of_python.hpp"
#include "python/walker/in_process/garbage.hpp"
#include "python/walker/walker.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;

nb::object collect(nb::handle collect, nb::handle python_class) {
  // The young are few. It also has the collector stop tracking tuples that need not be.
  const nb::object young = collect(1);
  if (walker::is_collecting()) return young;
  {
    walker::Garbage garbage;
    const walker::Object* one_class = walker_object(python_class.ptr());
    if (garbage.find(one_class) != walker::Garbage::Result::kFound) return young + collect();
    if (garbage.objects().empty()) return young;
    // What begins to be tracked is youngest: the collector will find only this, by its own rules.
    for (walker::Object* object : garbage.objects()) {
      PyObject_GC_UnTrack(python_object(object));
      PyObject_GC_Track(python_object(object));
    }
  }
  return young + collect(0);
}

void add_collect(nb::module_& module) {
  module.def("collect", &collect, "collect"_a, "python_class"_a);
}

}  // namespace ouro::extension
