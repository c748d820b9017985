// gc.get_referrers for a picture: level by level for many objects at once, and whether what was
// found can be garbage.
//
//   level 0            the objects that are drawn first
//   level n + 1        what refers to level n
//
// The holders of an object are made near it, usually, or hang on modules: while counts are
// explained by those no other object is looked at (python/walker/in_process/referrer_search.hpp).
//
// Precondition of all: with the GIL; walks_in_place().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <nanobind/nanobind.h>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/in_process/referrer_search.hpp"

namespace ouro::extension {

class Backrefs {
 public:
  /// For each of `targets` a list of those that refer to it, in the order of gc.get_objects(), none
  /// twice: without `targets`, without the asker's `own` lists, tuples and deques that hold some of
  /// `targets`, and without what has its id in `ignored`.
  nanobind::list referrers(nanobind::list targets, nanobind::list own, nanobind::handle ignored);

  /// Whether nothing that was found can be garbage that waits to be collected. False: not known.
  bool are_alive();

 private:
  struct Level;

  bool fill(python::walker::ReferrerSearch& search, const Level& level) const;
  std::optional<std::vector<python::walker::Referrer>> look_near(const Level& level) const;
  std::vector<python::walker::Referrer> look_at_all(const Level& level) const;
  void note(python::walker::Object* object);

  std::vector<nanobind::object> found_;   ///< each once
  python::walker::AddressTable numbers_;  ///< of found_, by address
};

void add_backrefs(nanobind::module_& module);

}  // namespace ouro::extension
