#include "python/walker/in_process/tracked_ids.hpp"

#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool TrackedLook::look() {
  bool has_memory = true;
  for_each_own_tracked_until([&](const Object* object) {
    Object* type = type_of(object);
    const std::uint32_t known = types_.count();
    const std::uint32_t number = types_.number_of(address_of(type));
    has_memory = number != AddressTable::kNone && tracked_.reserve(count_ + 1) &&
                 (number != known || classes_.reserve(known + 1));
    if (!has_memory) return false;
    if (number == known) classes_[number] = type;
    tracked_[count_++] = {.address = address_of(object), .class_number = number};
    return true;
  });
  return has_memory;
}

bool TrackedLook::compare(std::span<const std::uint32_t> name_by_class, NamesByAddress& before,
                          NamesByAddress& now, OnObject on_object, void* argument) const {
  for (std::uint64_t at = 0; at < count_; ++at) {
    const std::uint64_t address = tracked_[at].address;
    const std::uint32_t name = name_by_class[tracked_[at].class_number];
    if (!now.set(address, name)) return false;
    on_object(address, name, !before.has(address, name), argument);
  }
  return true;
}

}  // namespace ouro::python::walker
