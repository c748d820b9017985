// Finding things in classes without the interpreter: _PyType_Lookup would fill the cache of
// methods, and so drop the name that an entry of it owned, which may be an object the walk has met.
#pragma once

#include "python/walker/dict.hpp"
#include "python/walker/interpreter.hpp"

namespace ouro::python::walker {

/// Names that are looked for: interned strings, which are the very keys of classes' dicts.
struct Names {
  Object* sizeof_method = nullptr;  ///< "__sizeof__"
  Object* module = nullptr;         ///< "__module__"
  Object* name = nullptr;           ///< "__name__"
  Object* getattribute = nullptr;   ///< "__getattribute__"
};
/// Filled by prepare(); never freed.
extern Names names;

/// What `name` is in the class or its bases, in method resolution order, or null.
inline Object* find_in_class(const Object* type, const Object* name) {
  const Object* order = type_mro(type);
  if (order == nullptr) return nullptr;
  for (std::int64_t at = 0; at < tuple_size(order); ++at) {
    const Object* dict = dict_of_type(tuple_item(order, at));
    if (dict == nullptr) continue;
    if (Object* value = find_in_dict(dict, name)) return value;
  }
  return nullptr;
}

/// What the module's dict says, or null.
inline const Object* name_of_module(const Object* module) {
  const Object* dict = load_object(module, 16 + layout.header);
  return dict != nullptr ? find_in_dict(dict, names.name) : nullptr;
}

/// Whether a class made in C has this tp_name.
inline bool is_named(const Object* type, const char* name) {
  const char* at = type_name(type);
  while (*at != 0 && *at == *name) ++at, ++name;
  return *at == *name;
}

}  // namespace ouro::python::walker
