// What is to be found alive: all objects of some classes. When that has happened none of them is
// garbage, and nobody needs to look on.
//
// Several threads come upon an object, perhaps at once; a bit for each is set with the bus locked,
// so that it is counted once.
#pragma once

#include <cstdint>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/in_process/address_tree.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class AliveGoal {
 public:
  /// A class, and how many objects of it there are. Before all else; false where there is no
  /// memory.
  bool add(const Object* type, std::uint64_t count) {
    left_ += count;
    return types_.number_of(address_of(type)) != AddressTable::kNone;
  }
  bool wants(const Object* object) const { return types_.contains(address_of(type_of(object))); }

  /// One that was not counted is tracked, too.
  void expect_one_more() { __atomic_add_fetch(&left_, 1, __ATOMIC_RELAXED); }
  /// One that is wanted is alive. Where there is no memory the goal is never reached.
  void find(const Object* object) {
    if (found_.add_once(address_of(object))) __atomic_sub_fetch(&left_, 1, __ATOMIC_RELAXED);
  }
  bool is_reached() const { return __atomic_load_n(&left_, __ATOMIC_RELAXED) == 0; }

 private:
  AddressTable types_;
  SharedAddressBits found_;
  std::uint64_t left_ = 0;
};

}  // namespace ouro::python::walker
