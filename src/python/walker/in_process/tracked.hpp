// What gc.get_objects() gives, without a list and without counting: the objects of the collector's
// lists, of the caller's interpreter, youngest generation first, and not the permanent one.
//
// Precondition of all in_process/: prepare() has succeeded, and holds_still_in_place(): the caller
// holds the GIL and runs nothing of Python meanwhile, so that no list changes.
#pragma once

#include "python/walker/collector_lists.hpp"
#include "python/walker/interpreter.hpp"

namespace ouro::python::walker {

inline const char* own_interpreter() {
  if (symbols.PyInterpreterState_Get == 0) return first_interpreter();
  return call<const char*>(symbols.PyInterpreterState_Get);
}

/// `visit(object)` gives back whether to go on.
template <class VisitObject>
void for_each_own_tracked_until(VisitObject visit) {
  const char* interpreter = own_interpreter();
  for (int generation = 0; generation < kGenerations - 1; ++generation) {
    if (!for_each_tracked_until(interpreter, generation, [](std::uint64_t) {}, visit)) {
      return;
    }
  }
}

template <class VisitObject>
void for_each_own_tracked(VisitObject visit) {
  for_each_own_tracked_until([&](Object* object) {
    visit(object);
    return true;
  });
}

enum class End { kFront, kBack };

inline std::uint64_t own_list_head(int generation) {
  return first_head_of(own_interpreter()) + collector_head_offset(layout, generation);
}

/// The objects of a list, from both ends to its middle: two chains of addresses, of which one is
/// waited for while the other is read, take a quarter of the time away (1.7 million objects of
/// CPython 3.11). `visit(object, end)` gives back whether to go on; so does this.
template <class VisitObject>
bool for_each_from_both_ends(std::uint64_t head, VisitObject visit) {
  constexpr std::uint64_t kLine = 64;
  constexpr std::uint64_t kLines = 5;
  std::uint64_t front = next_in_collector(head);
  std::uint64_t back = previous_in_collector(head);
  while (front != head) {
    const std::uint64_t next = next_in_collector(front);
    const std::uint64_t previous = previous_in_collector(back);
    __builtin_prefetch(object_at(next));
    __builtin_prefetch(object_at(previous));
    for (std::uint64_t line = 1; line <= kLines; ++line) {
      __builtin_prefetch(object_at(front + line * kLine));
      __builtin_prefetch(object_at(back - line * kLine));
    }
    if (!visit(object_at(front + kCollectorHeaderBytes), End::kFront)) return false;
    if (front == back) break;
    front = next;
    if (!visit(object_at(back + kCollectorHeaderBytes), End::kBack)) return false;
    if (front == back) break;
    back = previous;
  }
  return true;
}

/// The same of all lists. `end_list()` behind the last of each list, between whose front and back
/// parts no object is.
template <class VisitObject, class EndList>
void for_each_own_tracked_from_both_ends(VisitObject visit, EndList end_list) {
  for (int generation = 0; generation < kGenerations - 1; ++generation) {
    if (!for_each_from_both_ends(own_list_head(generation), visit)) return;
    end_list();
  }
}

/// Asks ahead for where an object has its references, if that is elsewhere.
inline void expect_references_of(const Object* object) {
  const Object* type = type_of(object);
  if (address_of(type) == symbols.PyList_Type) {
    __builtin_prefetch(load<const void*>(object, layout.list_items));
  } else if (address_of(type) == symbols.PyDict_Type) {
    const auto* keys = load<const char*>(object, layout.dict_keys);
    __builtin_prefetch(keys);
    __builtin_prefetch(keys + 64);
    __builtin_prefetch(load<const void*>(object, layout.dict_values));
  } else if (layout.minor <= 12 && has_flag(type, TypeFlag::kManagedDict)) {
    // Before the object: 3.11 values or null, dict or null; 3.12 one of them, the lowest bit says
    // which.
    const auto before = load<std::uint64_t>(object, layout.minor == 11 ? -32 : -24);
    __builtin_prefetch(object_at(before & ~std::uint64_t{7}));
  }
}

/// As for_each_own_tracked_until, for a visit that reads the references: some objects late, when
/// those have come. Without that a pass waits for memory most of its time.
template <class VisitObject>
void for_each_own_referrer_until(VisitObject visit) {
  constexpr std::uint64_t kAhead = 8;
  Object* expected[kAhead] = {};
  std::uint64_t at = 0;
  bool goes_on = true;
  for_each_own_tracked_until([&](Object* object) {
    expect_references_of(object);
    Object*& place = expected[at++ % kAhead];
    if (place != nullptr) goes_on = visit(place);
    place = object;
    return goes_on;
  });
  for (std::uint64_t last = 0; last < kAhead && goes_on; ++last) {
    if (Object* object = expected[at++ % kAhead]) goes_on = visit(object);
  }
}

inline bool is_tracked(Object* object) {
  const Object* type = type_of(object);
  if (!has_flag(type, TypeFlag::kHaveGc)) return false;
  const IsGc is_gc = type_is_gc(type);
  if (is_gc != nullptr && is_gc(object) == 0) return false;
  return next_in_collector(address_of(object) - kCollectorHeaderBytes) != 0;
}

}  // namespace ouro::python::walker
