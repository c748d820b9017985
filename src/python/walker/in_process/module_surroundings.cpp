#include "python/walker/in_process/module_surroundings.hpp"

#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool ModuleSurroundings::add(Object* object) {
  if (count_ == most_) return true;
  const Object* type = type_of(object);
  if (address_of(type) == symbols.PyFunction_Type || !is_tracked(object)) return true;
  const bool is_class = has_flag(type, TypeFlag::kTypeSubclass);
  GrowingArray<Object*>& list = is_class ? classes_ : objects_;
  std::uint64_t& count = is_class ? class_count_ : count_;
  if (is_class && class_count_ == part_) return true;
  const std::uint32_t known = known_.count();
  const std::uint32_t number = known_.number_of(address_of(object));
  if (number == AddressTable::kNone || !list.reserve(count + 1)) return false;
  if (number == known) list[count++] = object;
  return true;
}

bool ModuleSurroundings::spread(std::uint64_t first) {
  constexpr std::uint64_t kAhead = 8;
  bool has_memory = true;
  // What is met is read some objects later, when it has come.
  Object* expected[kAhead] = {};
  std::uint64_t met = 0;
  std::uint64_t most_met = 0;
  const auto meet = [&](Object* target) {
    if (count_ == most_ || met == most_met) return;  // lists are long
    __builtin_prefetch(object_at(address_of(target) - kCollectorHeaderBytes));
    __builtin_prefetch(target);
    Object*& place = expected[met++ % kAhead];
    if (place != nullptr) has_memory = has_memory && add(place);
    place = target;
  };
  most_ = first + part_;
  for (std::uint64_t at = first; at < count_ && count_ < most_ && has_memory; ++at) {
    if (at + kAhead < count_) expect_references_of(objects_[at + kAhead]);
    most_met = at == 0 ? ~std::uint64_t{0} : met + kMostOfOne;  // all modules
    for_each_referent(objects_[at], meet);
    if (at + 1 < count_) continue;
    // The last there is: what it led to comes behind it.
    for (Object*& place : expected) {
      if (place != nullptr) has_memory = has_memory && add(place);
      place = nullptr;
    }
  }
  return has_memory;
}

bool ModuleSurroundings::find() {
  auto* modules = call<Object*>(symbols.PyImport_GetModuleDict);
  if (modules == nullptr) return true;
  most_ = 1;
  if (!add(modules) || !spread(0)) return false;
  const std::uint64_t first = count_;
  const std::uint64_t class_count = class_count_;
  if (!objects_.reserve(first + class_count)) return false;
  for (std::uint64_t at = 0; at < class_count; ++at) objects_[count_++] = classes_[at];
  return spread(first);
}

}  // namespace ouro::python::walker
