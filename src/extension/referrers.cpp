#include "extension/referrers.hpp"

#include <memory>
#include <span>
#include <vector>

#include "extension/objects_of_python.hpp"
#include "extension/referrer_levels.hpp"
#include "python/walker/in_process/referrer_search.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;

namespace {

/// Lists by target, of objects that are counted before the first list is made.
nb::list lists_of(std::span<const walker::Referrer> found, std::size_t target_count) {
  std::vector<std::vector<walker::Object*>> by_target(target_count);
  for (const walker::Referrer& one : found) by_target[one.target].push_back(one.object);
  std::vector<std::unique_ptr<Kept>> kept;
  for (const auto& objects : by_target) kept.push_back(std::make_unique<Kept>(objects));
  nb::list lists;
  for (const auto& objects : kept) lists.append(objects->to_list());
  return lists;
}

std::vector<std::uint64_t> addresses_of(nb::handle ids) {
  std::vector<std::uint64_t> addresses;
  for (const nb::handle id : ids) {
    if (!PyLong_Check(id.ptr())) continue;  // no id of anything
    const std::uint64_t address = PyLong_AsUnsignedLongLong(id.ptr());
    if (PyErr_Occurred() != nullptr) {
      PyErr_Clear();
    } else {
      addresses.push_back(address);
    }
  }
  return addresses;
}

nb::list list_of(const std::vector<nb::object>& objects) {
  nb::list list;
  for (const nb::object& one : objects) list.append(one);
  return list;
}

/// From the object that the predicate accepts to `object`; empty: there is none.
std::vector<nb::object> find_chain(const nb::object& object, const nb::object& predicate,
                                   std::int64_t most_steps,
                                   std::span<const std::uint64_t> ignored) {
  const auto accepts = [&](const nb::object& one) {
    const int is_true = PyObject_IsTrue(predicate(one).ptr());
    if (is_true < 0) nb::raise_python_error();
    return is_true != 0;
  };
  if (accepts(object)) return {object};
  ReferrerLevels levels(object, ignored);
  for (std::int64_t step = 0; step < most_steps; ++step) {
    if (const auto start = levels.advance(accepts)) return levels.chain_from(*start);
    if (levels.is_at_end()) break;
  }
  return {};
}

/// What sys.modules holds, by address.
class Modules {
 public:
  Modules() {
    PyObject* modules = PyImport_GetModuleDict();
    if (modules == nullptr || !PyDict_CheckExact(modules)) return;
    Py_ssize_t at = 0;
    PyObject* key = nullptr;
    PyObject* module = nullptr;
    while (PyDict_Next(modules, &at, &key, &module) != 0) {
      table_.number_of(walker::address_of(module));
    }
  }
  bool contain(nb::handle object) const {
    return table_.contains(walker::address_of(object.ptr()));
  }

 private:
  walker::AddressTable table_;
};

/// objgraph collects garbage before each search, so that no chain begins at it; which takes longer
/// than the search. All of a chain is reached from its start: so it is enough to know that the
/// start is no garbage. It is none if it is in sys.modules, or if going backwards from it leads to
/// what is, or to an object that is held from outside of what the collector tracks: which is how
/// the collector tells.
bool begins_alive(const std::vector<nb::object>& chain) {
  const Modules modules;
  const auto is_module = [&](const nb::object& one) { return modules.contain(one); };
  if (chain.size() == 1 || is_module(chain.front())) return true;
  ReferrerLevels levels(chain.front(), {});
  for (const nb::object& one : chain) levels.note_own_reference(one);
  while (!levels.is_at_end()) {
    if (levels.advance(is_module) || levels.was_held_from_outside()) return true;
  }
  return false;
}

}  // namespace

nb::list referrers_of_each(nb::list targets) {
  // One target may be asked for twice; the search knows it once.
  walker::AddressTable numbers;
  walker::ReferrerSearch search;
  std::vector<std::uint32_t> number_by_place;
  bool has_memory = search.ignore(walker::address_of(targets.ptr()));
  for (const nb::handle target : targets) {
    walker::Object* object = walker_object(target.ptr());
    number_by_place.push_back(numbers.number_of(walker::address_of(object)));
    has_memory = has_memory && number_by_place.back() != walker::AddressTable::kNone &&
                 search.add_target(object, 0);
  }
  if (!has_memory || !search.search_all()) raise_no_memory();
  const nb::list lists = lists_of(search.found(), numbers.count());
  if (numbers.count() == number_by_place.size()) return lists;
  nb::list result;
  for (const std::uint32_t number : number_by_place) result.append(lists[number]);
  return result;
}

nb::object find_backref_chain(nb::object object, nb::object predicate, std::int64_t most_steps,
                              nb::handle ignored, nb::handle collect) {
  const std::vector<std::uint64_t> addresses = addresses_of(ignored);
  for (bool has_collected = false;; has_collected = true) {
    {
      const std::vector<nb::object> chain = find_chain(object, predicate, most_steps, addresses);
      if (chain.empty()) return nb::none();
      if (has_collected || begins_alive(chain)) return list_of(chain);
    }
    // Not while a chain holds it.
    collect();
  }
}

void add_referrers(nb::module_& module) {
  module.def("referrers_of_each", &referrers_of_each, "targets"_a);
  module.def("find_backref_chain", &find_backref_chain, "object"_a.none(), "predicate"_a,
             "most_steps"_a, "ignored"_a, "collect"_a);
}

}  // namespace ouro::extension
