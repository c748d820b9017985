#include "extension/referrers.hpp"

#include <span>
#include <utility>
#include <vector>

#include "extension/objects_of_python.hpp"
#include "extension/referrer_levels.hpp"
#include "python/walker/in_process/root_surroundings.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;

namespace {

nb::list list_of(const std::vector<nb::object>& objects) {
  nb::list list;
  for (const nb::object& one : objects) list.append(one);
  return list;
}

/// The only object of a list, and what else of the asker's refers to what is looked at.
struct Asked {
  nb::list object_in_list;
  nb::list own;

  void note_to(ReferrerLevels& levels) const {
    levels.note_own_container(object_in_list);
    levels.note_own_container(own);
    for (const nb::handle container : own) levels.note_own_container(container);
  }
};

/// From the object that the predicate accepts to `object`; empty: there is none.
std::vector<nb::object> find_chain(const Asked& asked, const nb::object& predicate,
                                   std::int64_t most_steps,
                                   std::span<const std::uint64_t> ignored) {
  const nb::object object = asked.object_in_list[0];
  const auto accepts = [&](const nb::object& one) {
    const int is_true = PyObject_IsTrue(predicate(one).ptr());
    if (is_true < 0) nb::raise_python_error();
    return is_true != 0;
  };
  if (accepts(object)) return {object};
  ReferrerLevels levels(object, ignored);
  asked.note_to(levels);
  levels.note_own_reference(object);
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
bool begins_alive(const std::vector<nb::object>& chain, const Asked& asked) {
  const Modules modules;
  const auto is_module = [&](const nb::object& one) { return modules.contain(one); };
  if (chain.size() == 1 || is_module(chain.front())) return true;
  {
    walker::RootSurroundings around(walker::ReferrerSearch::heap_size());
    const walker::Object* first = walker_object(chain.front().ptr());
    while (around.grow()) {
      if (around.contain(first)) return true;
    }
    if (!around.has_memory()) raise_no_memory();
  }
  ReferrerLevels levels(chain.front(), {});
  asked.note_to(levels);
  for (const nb::object& one : chain) levels.note_own_reference(one);
  while (!levels.is_at_end()) {
    if (levels.advance(is_module) || levels.was_held_from_outside()) return true;
  }
  return false;
}

}  // namespace

nb::object find_backref_chain(nb::list object_in_list, nb::object predicate,
                              std::int64_t most_steps, nb::handle ignored, nb::list own,
                              nb::handle collect) {
  const Asked asked{.object_in_list = std::move(object_in_list), .own = std::move(own)};
  const std::vector<std::uint64_t> addresses = addresses_of(ignored);
  for (bool has_collected = false;; has_collected = true) {
    {
      const std::vector<nb::object> chain = find_chain(asked, predicate, most_steps, addresses);
      if (chain.empty()) return nb::none();
      if (has_collected || begins_alive(chain, asked)) return list_of(chain);
    }
    // Not while a chain holds it.
    collect();
  }
}

void add_referrers(nb::module_& module) {
  module.def("find_backref_chain", &find_backref_chain, "object_in_list"_a, "predicate"_a,
             "most_steps"_a, "ignored"_a, "own"_a, "collect"_a);
}

}  // namespace ouro::extension
