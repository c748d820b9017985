#include "python/walker/walker.hpp"

namespace ouro::python::walker {

const char* prepare(const PythonSymbols&) {
  return nullptr;
}

bool is_collecting() {
  return false;
}

long capture(const CaptureOptions&, CloneProcess, void*) {
  return 0;
}

}  // namespace ouro::python::walker
