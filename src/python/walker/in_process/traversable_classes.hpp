// Classes whose objects any thread may traverse, while the GIL keeps the heap as it is.
//
// tp_traverse of the interpreter's own classes only reads. Of those of extensions nothing is known:
// they may ask for the state of the running thread, say, which workers do not have.
#pragma once

#include <cstdint>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// Where code lies.
struct CodeRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool contains(std::uint64_t address) const { return begin <= address && address < end; }
};

/// That of the interpreter: its program or its shared library.
CodeRange interpreter_code();

/// For one thread: it remembers classes.
class TraversableClasses {
 public:
  /// `code`: of the interpreter; it must live as long.
  explicit TraversableClasses(const CodeRange& code) : code_(code) {}

  bool contain(const Object* type) {
    const std::uint32_t known = types_.count();
    const std::uint32_t number = types_.number_of(address_of(type));
    if (number == AddressTable::kNone) return false;
    if (number == known) {
      if (!are_traversable_.reserve(known + 1)) return false;
      are_traversable_[number] = is_traversable(type);
    }
    return are_traversable_[number];
  }

 private:
  bool is_own(Traverse traverse) const {
    return code_.contains(address_of(reinterpret_cast<const void*>(traverse)));
  }
  bool is_traversable(const Object* type) const;

  const CodeRange& code_;
  AddressTable types_;
  GrowingArray<bool> are_traversable_;
};

}  // namespace ouro::python::walker
