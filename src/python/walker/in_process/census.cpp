#include "python/walker/in_process/census.hpp"

#include "python/walker/in_process/heap_flood.hpp"
#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool Census::take() {
  return take_with([](const Object*) { return true; });
}

bool Census::take(HeapFlood& flood) {
  return take_with([&](const Object* object) { return flood.track(object); });
}

/// `also(object)` is told of each: false where there is no memory.
template <class VisitObject>
bool Census::take_with(VisitObject also) {
  bool has_memory = true;
  // Places rise from the front of the first list to the back of the last.
  constexpr std::uint64_t kListPlaces = std::uint64_t{1} << 56;
  std::uint64_t front = 0;
  std::uint64_t back = kListPlaces;
  for_each_own_tracked_from_both_ends(
      [&](const Object* object, End end) {
        const std::uint64_t place = end == End::kFront ? front++ : --back;
        Object* type = type_of(object);
        const std::uint32_t known = types_.count();
        const std::uint32_t number = types_.number_of(address_of(type));
        if (number == known) {
          has_memory = classes_.reserve(known + 1);
          if (!has_memory) return false;
          classes_[number] = {.type = type, .count = 0, .first_place = place};
        }
        if (number == AddressTable::kNone) return has_memory = false;
        ClassCount& found = classes_[number];
        ++found.count;
        if (place < found.first_place) found.first_place = place;
        return has_memory = also(object);
      },
      [&] {
        front = (front / kListPlaces + 1) * kListPlaces;
        back = front + kListPlaces;
      });
  return has_memory;
}

void ObjectsOfClasses::add_in_reverse(const GrowingArray<Object*>& objects, std::uint64_t count) {
  for (std::uint64_t at = count; at > 0; --at) objects_[count_++] = objects[at - 1];
}

bool ObjectsOfClasses::find(ChooseClass choose, void* argument, KeepObject keep) {
  bool has_memory = true;
  GrowingArray<Object*> from_back;
  std::uint64_t from_back_count = 0;
  for_each_own_tracked_from_both_ends(
      [&](Object* object, End end) {
        Object* type = type_of(object);
        const std::uint32_t known = types_.count();
        const std::uint32_t number = types_.number_of(address_of(type));
        if (number == known) {
          has_memory = choices_.reserve(known + 1);
          if (!has_memory) return false;
          choices_[number] = choose(type, argument);
        }
        if (number == AddressTable::kNone) return has_memory = false;
        const Choice choice = choices_[number];
        if (choice == Choice::kNo) return true;
        GrowingArray<Object*>& objects = end == End::kFront ? objects_ : from_back;
        std::uint64_t& count = end == End::kFront ? count_ : from_back_count;
        // Room for both: what was kept is given back, whatever happens.
        has_memory = objects.reserve(count + 1) && objects_.reserve(count_ + from_back_count + 1);
        if (!has_memory) return false;
        keep(object, choice, argument);
        objects[count++] = object;
        return true;
      },
      [&] {
        add_in_reverse(from_back, from_back_count);
        from_back_count = 0;
      });
  if (!has_memory) add_in_reverse(from_back, from_back_count);
  return has_memory;
}

bool ObjectsAtAddresses::find() {
  GrowingArray<Object*> from_back;
  std::uint64_t from_back_count = 0;
  if (!objects_.reserve(addresses_.count()) || !from_back.reserve(addresses_.count())) return false;
  const auto add_rest = [&] {
    for (; from_back_count > 0; --from_back_count) {
      objects_[count_++] = from_back[from_back_count - 1];
    }
  };
  for_each_own_tracked_from_both_ends(
      [&](Object* object, End end) {
        if (addresses_.contains(address_of(object))) {
          if (end == End::kFront) {
            objects_[count_++] = object;
          } else {
            from_back[from_back_count++] = object;
          }
        }
        return count_ + from_back_count != addresses_.count();
      },
      add_rest);
  add_rest();
  return true;
}

}  // namespace ouro::python::walker
