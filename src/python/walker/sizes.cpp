#include "python/walker/sizes.hpp"

#include "python/walker/allocator.hpp"
#include "python/walker/dict.hpp"
#include "python/walker/lookup.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

std::int64_t base_size(Object* object, const TypeInfo& info) {
  std::int64_t items = info.item_size == 0 ? 0 : size_field(object);
  if (items < 0) items = -items;
  return info.basic_size + items * info.item_size;
}

// The sign is in ob_size up to 3.11, from 3.12 the digits are counted above three bits of lv_tag.
std::int64_t int_size(Object* object, const TypeInfo& info) {
  std::int64_t digits = size_field(object);
  if (layout.minor >= 12) {
    digits = static_cast<std::int64_t>(static_cast<std::uint64_t>(digits) >> 3);
    return info.basic_size + 4 * (digits == 0 ? 1 : digits);
  }
  if (digits < 0) digits = -digits;
  if (layout.minor == 11 && digits == 0) digits = 1;
  return layout.int_digits + 4 * digits;
}

// _PyDict_SizeOf() of Objects/dictobject.c: a table shared with others is the type's.
std::int64_t dict_size(Object* object, const TypeInfo& info) {
  const Dict dict = read_dict(object);
  std::int64_t size = info.basic_size;
  if (dict.is_split()) {
    const std::int64_t usable =
        layout.minor <= 10 ? 2 * dict.slots / 3
                           : load<std::int64_t>(dict.keys, 16) + load<std::int64_t>(dict.keys, 24);
    size += 8 * usable;
  }
  if (dict.reference_count() == 1) size += dict.size_bytes();
  return size;
}

// odict_sizeof() of Objects/odictobject.c: a node of 32 bytes for each key, and the index of them.
std::int64_t ordered_dict_size(Object* object, const TypeInfo& info) {
  std::int64_t size = dict_size(object, info);
  size += 8 * load<std::int64_t>(object, layout.ordered_dict_index_size);
  const bool is_empty = load<std::uint64_t>(object, layout.ordered_dict_first) == 0;
  return is_empty ? size : size + 32 * size_field(object);
}

std::int64_t set_size(Object* object, const TypeInfo& info) {
  const auto* table = load<const char*>(object, layout.set_table);
  const auto* small = reinterpret_cast<const char*>(object) + layout.set_small_table;
  if (table == small) return info.basic_size;
  return info.basic_size + 16 * (load<std::int64_t>(object, layout.set_mask) + 1);
}

// type___sizeof___impl() of Objects/typeobject.c.
std::int64_t class_size(Object* object) {
  if (!has_flag(object, TypeFlag::kHeapType)) return layout.type_object_size;
  std::int64_t size = type_basic_size(object_at(symbols.PyType_Type));
  if (const auto* keys = load<const char*>(object, layout.heap_type_cached_keys)) {
    size += read_dict_keys(keys).size_bytes();
  }
  return size;
}

// bytearray___sizeof___impl() of Objects/bytearrayobject.c; from 3.15 on the bytes are those of a
// bytes object that belongs to it alone.
std::int64_t bytearray_size(Object* object, const TypeInfo& info) {
  const auto allocated = load<std::int64_t>(object, 24 + layout.header);
  const std::int64_t bytes_header = layout.minor >= 15 && allocated > 0 ? 33 + layout.header : 0;
  return info.basic_size + allocated + bytes_header;
}

// deque_sizeof() of Modules/_collectionsmodule.c: blocks of 64 items and two links.
std::int64_t deque_size(Object* object, const TypeInfo& info) {
  const auto left_index = load<std::int64_t>(object, 40 + layout.header);
  const std::int64_t blocks = (left_index + size_field(object) + 63) / 64;
  return info.basic_size + blocks * 66 * 8;
}

std::int64_t called_size(Object* object, const TypeInfo& info) {
  Object* result = info.size_of(object, nullptr);
  if (result == nullptr) {
    call<void>(symbols.PyErr_Clear);
    return base_size(object, info);
  }
  const auto size = call<std::int64_t>(symbols.PyLong_AsSsize_t, result);
  call<void>(symbols.Py_DecRef, result);
  forget_allocations();
  return size;
}

std::int64_t size_without_header(Object* object, const TypeInfo& info) {
  switch (info.size_rule) {
    case SizeRule::kBasic:
    case SizeRule::kPython:
      return base_size(object, info);
    case SizeRule::kList:
      return info.basic_size + 8 * load<std::int64_t>(object, layout.list_allocated);
    case SizeRule::kInt:
      return int_size(object, info);
    case SizeRule::kStr:
      return str_size(object);
    case SizeRule::kDict:
      return dict_size(object, info);
    case SizeRule::kOrderedDict:
      return ordered_dict_size(object, info);
    case SizeRule::kSet:
      return set_size(object, info);
    case SizeRule::kByteArray:
      return bytearray_size(object, info);
    case SizeRule::kType:
      return class_size(object);
    case SizeRule::kDeque:
      return deque_size(object, info);
    case SizeRule::kCall:
      return called_size(object, info);
  }
  return 0;
}

struct TypeWithRule {
  std::uint64_t type;
  SizeRule rule;
};

}  // namespace

void choose_size_rule(TypeInfo& info) {
  // What sys.getsizeof adds for what lies before the object: the collector's header where the
  // object, or in 3.11 and 3.12 its type, has one; and the managed dict and weak references.
  const std::int32_t collector = layout.free_threaded ? 0 : 16;
  const bool type_collects = (info.flags & TypeFlag::kHaveGc) != 0;
  const std::uint64_t managed = layout.minor <= 10 ? 0
                                : layout.minor == 11
                                    ? TypeFlag::kManagedDict
                                    : TypeFlag::kManagedDict | TypeFlag::kManagedWeakref;
  info.header_size = (info.flags & managed) != 0 ? 16 : 0;
  info.collector_header_size = info.header_size + (type_collects ? collector : 0);
  if (layout.minor == 11 || layout.minor == 12) info.header_size = info.collector_header_size;

  info.size_rule = SizeRule::kPython;
  info.size_of = nullptr;
  const Object* method = find_in_class(info.type, names.sizeof_method);
  if (method == nullptr || !is_exactly(method, symbols.PyMethodDescr_Type)) return;
  const auto owner = load<std::uint64_t>(method, 16 + layout.header);
  const TypeWithRule owners[] = {
      {symbols.PyBaseObject_Type, SizeRule::kBasic},    {symbols.PyList_Type, SizeRule::kList},
      {symbols.PyTuple_Type, SizeRule::kBasic},         {symbols.PyLong_Type, SizeRule::kInt},
      {symbols.PyUnicode_Type, SizeRule::kStr},         {symbols.PyBytes_Type, SizeRule::kBasic},
      {symbols.PyByteArray_Type, SizeRule::kByteArray}, {symbols.PyDict_Type, SizeRule::kDict},
      {symbols.PyODict_Type, SizeRule::kOrderedDict},   {symbols.PySet_Type, SizeRule::kSet},
      {symbols.PyFrozenSet_Type, SizeRule::kSet},       {symbols.PyType_Type, SizeRule::kType},
  };
  for (const TypeWithRule& known : owners) {
    if (known.rule == SizeRule::kOrderedDict && layout.ordered_dict_first < 0) continue;
    if (known.type == owner) {
      info.size_rule = known.rule;
      return;
    }
  }
  // d_method -> PyMethodDef { name, function, flags }; only METH_NOARGS (4) may be called with two
  // arguments.
  const auto* definition = load<const char*>(method, 40 + layout.header);
  if (load<int>(definition, 16) != 4) return;
  info.size_of = load<Object* (*)(Object*, Object*)>(definition, 8);
  info.size_rule = SizeRule::kCall;
  if (is_named(object_at(owner), "collections.deque")) info.size_rule = SizeRule::kDeque;
}

std::uint64_t size_of(Object* object, const TypeInfo& info, bool is_collectable) {
  const std::int64_t size = size_without_header(object, info);
  return static_cast<std::uint64_t>(
      size + (is_collectable ? info.collector_header_size : info.header_size));
}

}  // namespace ouro::python::walker
