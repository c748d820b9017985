// The interpreters of the process, and what the walker reads of their states.
#pragma once

#include <initializer_list>

#include "python/walker/object.hpp"

namespace ouro::python::walker {

inline const char* first_interpreter() {
  return call<const char*>(symbols.PyInterpreterState_Head);
}
inline const char* next_interpreter(const char* interpreter) {
  return call<const char*>(symbols.PyInterpreterState_Next, interpreter);
}

/// What a static type has in an interpreter: from 3.12 on not in the type itself.
struct StaticTypeState {
  Object* dict = nullptr;
  Object* subclasses = nullptr;
};

/// Nothing where the interpreter has none for the type, or where is not known.
inline StaticTypeState static_type_state(const char* interpreter, const Object* type) {
  if (layout.static_types_in_interpreter == 0) return {};
  // The number of a managed static type, from 1, stands where other types have tp_subclasses.
  const std::int64_t index = load<std::int64_t>(type, 360 + layout.header) - 1;
  if (index < 0 || index >= 1000) return {};
  for (const std::int64_t offset :
       {layout.static_types_in_interpreter, layout.extension_types_in_interpreter}) {
    if (offset == 0) continue;
    // Those of extensions are 10, behind those that are built in, which are about 200.
    if (offset == layout.extension_types_in_interpreter && index >= 10) continue;
    const char* state = interpreter + offset + index * layout.static_type_size;
    if (load<const Object*>(state, 0) == type) {
      return {.dict = load_object(state, layout.static_type_dict),
              .subclasses = load_object(state, layout.static_type_dict + 8)};
    }
  }
  return {};
}

/// The managed static types of 3.12 and later: _Py_TPFLAGS_STATIC_BUILTIN.
inline bool is_managed_static_type(const Object* type) {
  return layout.minor >= 12 && has_flag(type, 1u << 1);
}

/// The dict of a class, or null. Of the first interpreter that has one, for static types.
inline Object* dict_of_type(const Object* type) {
  if (!is_managed_static_type(type)) return load_object(type, 264 + layout.header);
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    const StaticTypeState state = static_type_state(at, type);
    if (state.dict != nullptr) return state.dict;
  }
  if (symbols.PyType_GetDict == 0) return nullptr;
  // The getter counts a reference; the type's own stays.
  Object* dict = call<Object*>(symbols.PyType_GetDict, type);
  if (dict != nullptr) call<void>(symbols.Py_DecRef, dict);
  return dict;
}

}  // namespace ouro::python::walker
