// Python objects as memory: typed reads at the offsets of `layout`. Nothing here calls the
// interpreter, changes a count, or takes a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "python/walker/layout.hpp"

namespace ouro::python::walker {

/// A PyObject, never defined: only its address and what is read at it.
struct Object;

template <class T>
inline T load(const void* base, std::int64_t offset) {
  T value;
  __builtin_memcpy(&value, static_cast<const char*>(base) + offset, sizeof value);
  return value;
}
inline Object* load_object(const void* base, std::int64_t offset) {
  return load<Object*>(base, offset);
}
inline std::uint64_t address_of(const void* object) {
  return reinterpret_cast<std::uint64_t>(object);
}
inline Object* object_at(std::uint64_t address) {
  return reinterpret_cast<Object*>(address);
}

/// tp_flags.
struct TypeFlag {
  static constexpr std::uint64_t kInlineValues = 1u << 2;    ///< 3.13+
  static constexpr std::uint64_t kManagedWeakref = 1u << 3;  ///< 3.12+
  static constexpr std::uint64_t kManagedDict = 1u << 4;     ///< 3.11+
  static constexpr std::uint64_t kHeapType = 1u << 9;
  static constexpr std::uint64_t kHaveGc = 1u << 14;
  static constexpr std::uint64_t kIntSubclass = 1u << 24;
  static constexpr std::uint64_t kListSubclass = 1u << 25;
  static constexpr std::uint64_t kTupleSubclass = 1u << 26;
  static constexpr std::uint64_t kBytesSubclass = 1u << 27;
  static constexpr std::uint64_t kStrSubclass = 1u << 28;
  static constexpr std::uint64_t kDictSubclass = 1u << 29;
  static constexpr std::uint64_t kTypeSubclass = 1u << 31;
};

using Visit = int (*)(Object*, void*);
using Traverse = int (*)(Object*, Visit, void*);
using IsGc = int (*)(Object*);

inline Object* type_of(const Object* object) {
  return load_object(object, 8 + layout.header);
}
/// ob_size of objects that have one.
inline std::int64_t size_field(const Object* object) {
  return load<std::int64_t>(object, 16 + layout.header);
}
/// Whether the object's class is the one a symbol names (and no subclass): is_exactly(o,
/// symbols.PyTuple_Type).
inline bool is_exactly(const Object* object, std::uint64_t type) {
  return address_of(type_of(object)) == type;
}

// Fields of a type: the same offsets from 3.8 to 3.15.
inline const char* type_name(const Object* type) {
  return load<const char*>(type, 24 + layout.header);
}
inline std::int64_t type_basic_size(const Object* type) {
  return load<std::int64_t>(type, 32 + layout.header);
}
inline std::int64_t type_item_size(const Object* type) {
  return load<std::int64_t>(type, 40 + layout.header);
}
inline std::uint64_t type_flags(const Object* type) {
  return load<std::uint64_t>(type, 168 + layout.header);
}
inline Traverse type_traverse(const Object* type) {
  return load<Traverse>(type, 184 + layout.header);
}
inline std::int64_t type_weak_list_offset(const Object* type) {
  return load<std::int64_t>(type, 208 + layout.header);
}
inline const char* type_members(const Object* type) {
  return load<const char*>(type, 240 + layout.header);
}
inline Object* type_base(const Object* type) {
  return load_object(type, 256 + layout.header);
}
inline std::int64_t type_dict_offset(const Object* type) {
  return load<std::int64_t>(type, 288 + layout.header);
}
inline IsGc type_is_gc(const Object* type) {
  return load<IsGc>(type, 328 + layout.header);
}
inline Object* type_mro(const Object* type) {
  return load_object(type, 344 + layout.header);
}
inline bool has_flag(const Object* type, std::uint64_t flag) {
  return (type_flags(type) & flag) != 0;
}

inline std::int64_t tuple_size(const Object* tuple) {
  return size_field(tuple);
}
inline Object* tuple_item(const Object* tuple, std::int64_t index) {
  return load_object(tuple, layout.tuple_items + 8 * index);
}
inline std::int64_t list_size(const Object* list) {
  return size_field(list);
}
inline Object* list_item(const Object* list, std::int64_t index) {
  return load_object(load<const void*>(list, layout.list_items), 8 * index);
}
inline Object* cell_contents(const Object* cell) {
  return load_object(cell, 16 + layout.header);
}

}  // namespace ouro::python::walker
