#include "python/walker/in_process/unreferenced.hpp"

#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool Unreferenced::mark(const Object* asker) {
  bool has_memory = true;
  for_each_own_referrer_until([&](Object* object) {
    if (object != asker) {
      for_each_referent(object, [&](const Object* target) {
        if (!marks_.add(address_of(target))) has_memory = false;
      });
    }
    return has_memory;
  });
  return has_memory;
}

bool Unreferenced::look() {
  bool has_memory = true;
  for_each_own_tracked_until([&](Object* object) {
    if (is_referenced(object)) return true;
    has_memory = objects_.reserve(count_ + 1);
    if (has_memory) objects_[count_++] = object;
    return has_memory;
  });
  return has_memory;
}

}  // namespace ouro::python::walker
