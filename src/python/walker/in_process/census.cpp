#include "python/walker/in_process/census.hpp"

#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool Census::take() {
  bool has_memory = true;
  for_each_own_tracked_until([&](const Object* object) {
    Object* type = type_of(object);
    const std::uint32_t known = types_.count();
    const std::uint32_t number = types_.number_of(address_of(type));
    if (number == known) {
      has_memory = classes_.reserve(known + 1);
      if (!has_memory) return false;
      classes_[number] = {.type = type, .count = 0};
    }
    if (number == AddressTable::kNone) return has_memory = false;
    ++classes_[number].count;
    return true;
  });
  return has_memory;
}

bool ObjectsOfClasses::find(ChooseClass choose, void* argument) {
  bool has_memory = true;
  for_each_own_tracked_until([&](Object* object) {
    Object* type = type_of(object);
    const std::uint32_t known = types_.count();
    const std::uint32_t number = types_.number_of(address_of(type));
    if (number == known) {
      has_memory = is_chosen_.reserve(known + 1);
      if (!has_memory) return false;
      is_chosen_[number] = choose(type, argument);
    }
    if (number == AddressTable::kNone) return has_memory = false;
    if (!is_chosen_[number]) return true;
    has_memory = objects_.reserve(count_ + 1);
    if (has_memory) objects_[count_++] = object;
    return has_memory;
  });
  return has_memory;
}

bool ObjectsAtAddresses::find() {
  if (!objects_.reserve(addresses_.count())) return false;
  for_each_own_tracked_until([&](Object* object) {
    if (addresses_.contains(address_of(object))) objects_[count_++] = object;
    return count_ != addresses_.count();
  });
  return true;
}

}  // namespace ouro::python::walker
