// How many references an object has, as it says itself.
//
//   up to 3.10    ob_refcnt i64
//   3.11          the same; what is compiled into the interpreter has 999999999, and refers to
//                 None, True, False and Ellipsis without counting, so that theirs say nothing
//   from 3.12     the low 32 bits; the highest of those set: immortal
//   free-threaded ob_ref_local u32 (0xFFFFFFFF: immortal) + ob_ref_shared >> 2. Where the collector
//                 defers counting (ob_gc_bits 0x40), more by 1 in 3.13, by 2^60 - 1 from 3.14 on,
//                 where what frames hold is not in it, and classes, code and some dicts also have
//                 a count in each thread.
#pragma once

#include "python/walker/type_info.hpp"

namespace ouro::python::walker {

struct Count {
  std::uint64_t references = 0;
  bool is_immortal = false;
  bool is_uncertain = false;
};

Count count_of_free_threaded(const Object* object, const TypeInfo& info);

inline bool is_constant(const Object* object) {
  const std::uint64_t address = address_of(object);
  return address == symbols._Py_NoneStruct || address == symbols._Py_TrueStruct ||
         address == symbols._Py_FalseStruct || address == symbols._Py_EllipsisObject;
}

inline Count count_of(const Object* object, const TypeInfo& info) {
  if (layout.free_threaded) return count_of_free_threaded(object, info);
  constexpr std::int64_t kImmortalOf311 = 500'000'000;
  if (layout.minor >= 12) {
    const auto count = load<std::uint32_t>(object, 0);
    return {.references = count, .is_immortal = count >> 31 != 0};
  }
  const auto count = load<std::int64_t>(object, 0);
  return {.references = static_cast<std::uint64_t>(count),
          .is_immortal = layout.minor == 11 && (count >= kImmortalOf311 || is_constant(object))};
}

inline bool is_immortal(const Object* object) {
  return count_of(object, TypeInfo{}).is_immortal;
}

}  // namespace ouro::python::walker
