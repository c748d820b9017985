#include "extension/growth.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>

#include "extension/collect.hpp"
#include "extension/objects_of_python.hpp"
#include "extension/plain_names.hpp"
#include "extension/tracked_objects.hpp"
#include "python/walker/in_process/garbage.hpp"
#include "python/walker/walker.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;

namespace {

using CountByName = std::unordered_map<std::string_view, std::uint64_t>;

/// What a dict says, if it is one of str and int that runs nothing of Python when it is read.
bool read_peaks(PyObject* dict, CountByName& peaks) {
  if (!PyDict_CheckExact(dict)) return false;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value) != 0;) {
    if (!PyUnicode_CheckExact(key) || !PyLong_CheckExact(value)) return false;
    Py_ssize_t bytes = 0;
    const char* text = PyUnicode_AsUTF8AndSize(key, &bytes);
    int overflow = 0;
    const long long count = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (text == nullptr) PyErr_Clear();  // half of a surrogate pair
    if (text == nullptr || overflow != 0) return false;
    peaks[{text, static_cast<std::size_t>(bytes)}] =
        count < 0 ? 0 : static_cast<std::uint64_t>(count);
  }
  return true;
}

/// False where it is sure that no name has more than its peak.
bool may_have_grown(std::span<const walker::ClassCount> classes, const CountByName& peaks) {
  CountByName counts;
  for (const walker::ClassCount& one : classes) {
    const std::string_view name = plain_name_of(one.type);
    if (name.empty()) return true;
    counts[name] += one.count;
  }
  for (const auto& [name, count] : counts) {
    const auto peak = peaks.find(name);
    if (count > (peak == peaks.end() ? 0 : peak->second)) return true;
  }
  return false;
}

}  // namespace

nb::object counts_if_grown(nb::handle collect, nb::handle python_class, nb::handle peaks) {
  collect(1);
  if (walker::is_collecting()) return type_counts();
  CountByName known;
  const bool has_peaks = read_peaks(peaks.ptr(), known);
  walker::Garbage garbage(walker_object(python_class.ptr()));
  const bool is_listed = garbage.list();
  const walker::ClassCounts* counts = is_listed ? garbage.counts() : nullptr;
  if (counts != nullptr && has_peaks && !may_have_grown(counts->all(), known)) return nb::none();
  const auto result = is_listed ? garbage.find() : walker::Garbage::Result::kNoMemory;
  const bool has_none = result == walker::Garbage::Result::kFound && garbage.objects().empty();
  if (has_none && counts != nullptr) return list_of(counts->all());
  if (!has_none) free_garbage(garbage, result, collect);
  return type_counts();
}

void add_growth(nb::module_& module) {
  module.def("counts_if_grown", &counts_if_grown, "collect"_a, "python_class"_a, "peaks"_a.none());
}

}  // namespace ouro::extension
