// The references of one object as tp_traverse visits them, which gc.get_referents and
// gc.get_referrers call references: lists, tuples and dicts by their layout, without calls.
#pragma once

#include "python/walker/dict.hpp"
#include "python/walker/frame_view.hpp"
#include "python/walker/generators.hpp"
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

/// Calls `visit(target)` for those of for_each_referent() that the object does not own: from 3.14
/// on, what frames of generators have borrowed from variables.
template <class VisitTarget>
inline void for_each_uncounted_referent(const Object* object, VisitTarget visit) {
  if (!frame_layout.is_tagged) return;
  const Object* type = type_of(object);
  if (!is_generator_type(type) && address_of(type) != symbols.PyFrame_Type) return;
  const void* address = visited_frame(object);
  if (address == nullptr) return;
  const FrameView frame(address);
  const auto visit_borrowed = [&](const Slot& slot) {
    if (slot.object != nullptr && !slot.is_owned) visit(slot.object);
  };
  visit_borrowed(frame.function());
  visit_borrowed(frame.code());
  const int depth = frame.stack_depth();
  if (depth < 0) return;
  for (int at = 0; at < frame.variable_count(); ++at) visit_borrowed(frame.variable_at(at).slot);
  for (int at = 0; at < depth; ++at) visit_borrowed(frame.stack_at(at));
}

}  // namespace ouro::python::walker
