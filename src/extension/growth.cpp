#include "extension/growth.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extension/collect.hpp"
#include "extension/objects_of_python.hpp"
#include "extension/plain_names.hpp"
#include "extension/tracked_objects.hpp"
#include "extension/walker_here.hpp"
#include "python/walker/in_process/alive_goal.hpp"
#include "python/walker/in_process/census.hpp"
#include "python/walker/in_process/garbage.hpp"
#include "python/walker/in_process/heap_flood.hpp"
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

/// Which classes may have more objects than ever.
struct Grown {
  std::vector<walker::ClassCount> classes;
  bool are_all = true;  ///< false where only Python can say the name of some class
};

Grown grown_classes(std::span<const walker::ClassCount> classes, const CountByName& peaks) {
  Grown grown;
  CountByName counts;
  for (const walker::ClassCount& one : classes) {
    const std::string_view name = plain_name_of(one.type);
    grown.are_all = grown.are_all && !name.empty();
    counts[name] += one.count;
  }
  for (const walker::ClassCount& one : classes) {
    const std::string_view name = plain_name_of(one.type);
    const auto peak = peaks.find(name);
    const bool has_grown = counts[name] > (peak == peaks.end() ? 0 : peak->second);
    if (has_grown) grown.classes.push_back(one);
  }
  return grown;
}

std::uint64_t object_count(std::span<const walker::ClassCount> classes) {
  std::uint64_t count = 0;
  for (const walker::ClassCount& one : classes) count += one.count;
  return count;
}

/// False where there is no memory, or where it is as well to look at all: many objects are
/// everywhere.
bool set_goal(walker::AliveGoal& goal, std::span<const walker::ClassCount> grown,
              std::uint64_t heap_size) {
  if (object_count(grown) > heap_size / 16) return false;
  return std::all_of(grown.begin(), grown.end(),
                     [&](const auto& one) { return goal.add(one.type, one.count); });
}

}  // namespace

nb::object counts_if_grown(nb::handle collect, nb::handle python_class, nb::handle peaks) {
  collect(1);
  if (walker::is_collecting()) return type_counts();
  walker::Census census;
  walker::HeapFlood flood;
  if (!census.take(flood)) raise_no_memory();
  walker::AliveGoal goal;
  bool has_goal = false;
  CountByName known;
  if (read_peaks(peaks.ptr(), known)) {
    const Grown grown = grown_classes(census.classes(), known);
    if (grown.are_all && grown.classes.empty()) return nb::none();
    has_goal = grown.are_all && set_goal(goal, grown.classes, object_count(census.classes()));
  }
  walker::Garbage garbage;
  const auto result =
      garbage.find(walker_object(python_class.ptr()), flood, has_goal ? &goal : nullptr);
  if (result == walker::Garbage::Result::kFound && garbage.objects().empty()) {
    return list_of(census.classes());
  }
  free_garbage(garbage, result, collect);
  return type_counts();
}

void add_growth(nb::module_& module) {
  module.def("counts_if_grown", &counts_if_grown, "collect"_a, "python_class"_a, "peaks"_a.none());
}

}  // namespace ouro::extension
