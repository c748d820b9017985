#include "python/walker/in_process/tracked_ids.hpp"

#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool TrackedLook::look() {
  bool has_memory = true;
  for_each_own_tracked_until([&](const Object* object) {
    Object* type = type_of(object);
    const std::uint32_t known = types_.count();
    const std::uint32_t number = types_.number_of(address_of(type));
    has_memory = number < kMostClasses && tracked_.reserve(count_ + 1) &&
                 (number != known || (classes_.reserve(known + 1) && counts_.reserve(known + 1)));
    if (!has_memory) return false;
    if (number == known) classes_[number] = type;
    ++counts_[number];
    tracked_[count_++] = std::uint64_t{number} << kAddressBits | address_of(object);
    return true;
  });
  return has_memory;
}

bool TrackedLook::compare(std::span<const std::uint32_t> name_by_class, NamesByAddress& before,
                          NamesByAddress& now, OnNew on_new, void* argument) const {
  for (std::uint64_t at = 0; at < count_; ++at) {
    const std::uint64_t address = tracked_[at] & ((std::uint64_t{1} << kAddressBits) - 1);
    const std::uint32_t name = name_by_class[tracked_[at] >> kAddressBits];
    const bool is_new = !before.has(address, name);
    if (!now.enter(address, name)) return false;
    if (is_new) on_new(address, name, argument);
  }
  return true;
}

}  // namespace ouro::python::walker
