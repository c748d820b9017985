// Classes whose objects any thread may traverse, while the GIL keeps the heap as it is.
//
// A thread that has no thread state may only read. That is what tp_traverse of the classes below
// does, in all versions, and that of classes made in Python if that of their base does. Others may
// ask for the running thread, which ends the process from 3.12 on, or call code of extensions, as
// modules and capsules do: their objects are left to who has the GIL.
#pragma once

#include <cstdint>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// For one thread: it remembers classes.
class TraversableClasses {
 public:
  /// `python_class`: one that was made in Python, derived from object. Their tp_traverse has no
  /// name.
  explicit TraversableClasses(const Object* python_class)
      : of_python_classes_(type_traverse(python_class)) {}

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
  static bool only_reads(Traverse traverse) {
    for (const std::uint64_t type :
         {symbols.PyTuple_Type,        symbols.PyList_Type,        symbols.PyDict_Type,
          symbols.PySet_Type,          symbols.PyFrozenSet_Type,   symbols.PyFunction_Type,
          symbols.PyMethod_Type,       symbols.PyCell_Type,        symbols.PyType_Type,
          symbols.PyGen_Type,          symbols.PyCoro_Type,        symbols.PyCFunction_Type,
          symbols.PyMethodDescr_Type,  symbols.PyGetSetDescr_Type, symbols.PyMemberDescr_Type,
          symbols.PyWrapperDescr_Type, symbols.PyProperty_Type,    symbols.PyStaticMethod_Type,
          symbols.PyClassMethod_Type,  symbols._PyWeakref_RefType}) {
      if (traverse == type_traverse(object_at(type))) return true;
    }
    return false;
  }
  bool is_traversable(const Object* type) const {
    const Traverse traverse = type_traverse(type);
    if (traverse != of_python_classes_) return only_reads(traverse);
    // It calls that of the first base that has another.
    const Object* base = type;
    while (base != nullptr && type_traverse(base) == traverse) base = type_base(base);
    return base == nullptr || type_traverse(base) == nullptr || only_reads(type_traverse(base));
  }

  Traverse of_python_classes_;
  AddressTable types_;
  GrowingArray<bool> are_traversable_;
};

}  // namespace ouro::python::walker
