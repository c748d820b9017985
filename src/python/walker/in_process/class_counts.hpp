// Objects counted by class, and where the first of each class is: a table from class to number.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct ClassCount {
  Object* type;
  std::uint64_t count;
  /// Less, the earlier gc.get_objects() has the first of its objects.
  std::uint64_t first_place;
};

/// Places of objects in the collector's lists: they rise from the front of the first list to the
/// back of the last.
struct ListPlaces {
  static constexpr std::uint64_t kPerList = std::uint64_t{1} << 56;

  explicit ListPlaces(int list)
      : front(static_cast<std::uint64_t>(list) * kPerList), back(front + kPerList) {}
  std::uint64_t front;  ///< of the next from the front
  std::uint64_t back;   ///< one more than of the next from the back
};

class ClassCounts {
 public:
  /// `count` more of the class, the first at this place. False where there is no memory.
  bool add(Object* type, std::uint64_t place, std::uint64_t count = 1) {
    const std::uint32_t known = types_.count();
    const std::uint32_t number = types_.number_of(address_of(type));
    if (number == AddressTable::kNone) return false;
    if (number == known) {
      if (!classes_.reserve(known + 1)) return false;
      classes_[number] = {.type = type, .count = 0, .first_place = place};
    }
    ClassCount& found = classes_[number];
    found.count += count;
    if (place < found.first_place) found.first_place = place;
    return true;
  }
  bool add(const ClassCounts& others) {
    for (const ClassCount& other : others.all()) {
      if (!add(other.type, other.first_place, other.count)) return false;
    }
    return true;
  }

  /// In no order.
  std::span<const ClassCount> all() const { return {classes_.data(), types_.count()}; }

 private:
  AddressTable types_;
  GrowingArray<ClassCount> classes_;
};

}  // namespace ouro::python::walker
