// From what the walker finds to lists of Python.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nanobind/nanobind.h>

#include "python/walker/object.hpp"

namespace ouro::extension {

inline PyObject* python_object(python::walker::Object* object) {
  return reinterpret_cast<PyObject*>(object);
}
inline python::walker::Object* walker_object(PyObject* object) {
  return reinterpret_cast<python::walker::Object*>(object);
}

inline void keep(python::walker::Object* object) {
  Py_IncRef(python_object(object));
}

/// What the walker found, counted at once: what is made next, a list say, may start a collection.
class Kept {
 public:
  enum class Counts { kTaken, kTakenOver };

  explicit Kept(std::span<python::walker::Object* const> objects, Counts counts = Counts::kTaken)
      : objects_(objects) {
    if (counts == Counts::kTakenOver) return;
    for (python::walker::Object* object : objects_) keep(object);
  }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  ~Kept() {
    for (python::walker::Object* object : objects_) Py_DecRef(python_object(object));
  }

  /// The caller takes the counts over.
  void release() { objects_ = {}; }
  /// The list takes the counts over. Once.
  nanobind::list to_list() {
    nanobind::object list = nanobind::steal(PyList_New(static_cast<Py_ssize_t>(objects_.size())));
    if (!list.is_valid()) nanobind::raise_python_error();
    for (std::size_t at = 0; at < objects_.size(); ++at) {
      PyList_SetItem(list.ptr(), static_cast<Py_ssize_t>(at), python_object(objects_[at]));
    }
    objects_ = {};
    return nanobind::borrow<nanobind::list>(list);
  }

 private:
  std::span<python::walker::Object* const> objects_;
};

/// Of ids, without what can be none.
inline std::vector<std::uint64_t> addresses_of(nanobind::handle ids) {
  std::vector<std::uint64_t> addresses;
  for (const nanobind::handle id : ids) {
    if (!PyLong_Check(id.ptr())) continue;
    const std::uint64_t address = PyLong_AsUnsignedLongLong(id.ptr());
    if (PyErr_Occurred() != nullptr) {
      PyErr_Clear();
    } else {
      addresses.push_back(address);
    }
  }
  return addresses;
}

[[noreturn]] inline void raise_no_memory() {
  PyErr_NoMemory();
  nanobind::raise_python_error();
}

}  // namespace ouro::extension
