// The references of one object as tp_traverse visits them, which gc.get_referents and
// gc.get_referrers call references: lists, tuples and dicts by their layout, without calls.
#pragma once

#include "python/walker/dict.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// Calls `visit(target)` for each, as often as it is there. Precondition: the collector tracks it.
template <class VisitTarget>
inline void for_each_referent(Object* object, VisitTarget visit) {
  const Object* type = type_of(object);
  const std::uint64_t type_address = address_of(type);
  if (type_address == symbols.PyTuple_Type) {
    const std::int64_t count = tuple_size(object);
    for (std::int64_t at = 0; at < count; ++at) {
      if (Object* item = tuple_item(object, at)) visit(item);
    }
    return;
  }
  if (type_address == symbols.PyList_Type) {
    const auto* items = load<Object* const*>(object, layout.list_items);
    const std::int64_t count = list_size(object);
    for (std::int64_t at = 0; at < count; ++at) {
      if (items[at] != nullptr) visit(items[at]);
    }
    return;
  }
  if (type_address == symbols.PyDict_Type) {
    const Dict dict = read_dict(object);
    // Whether the dict or the instance visits the values they share changed within 3.13: let
    // tp_traverse say.
    if (!dict.is_embedded) {
      for (std::int64_t at = 0; at < dict.count; ++at) {
        Object* value = dict.value_at(at);
        if (value == nullptr) continue;
        visit(value);
        if (dict.is_general) visit(dict.key(at));
      }
      return;
    }
  }
  type_traverse(type)(
      object,
      [](Object* target, void* visit_target) {
        (*static_cast<VisitTarget*>(visit_target))(target);
        return 0;
      },
      &visit);
}

}  // namespace ouro::python::walker
