#include "python/walker/in_process/census.hpp"

#include "python/walker/in_process/heap_flood.hpp"
#include "python/walker/in_process/tracked.hpp"
#include "python/walker/in_process/workers.hpp"

namespace ouro::python::walker {

ClassCount* ClassCounts::made(Object* type, std::uint64_t place) {
  const std::uint32_t known = types_.count();
  const std::uint32_t number = types_.number_of(address_of(type));
  if (number == AddressTable::kNone) return nullptr;
  if (number == known) {
    if (!classes_.reserve(known + 1)) return nullptr;
    classes_[number] = {.type = type, .count = 0, .first_place = place};
  }
  ClassCount& found = classes_[number];
  if (place < found.first_place) found.first_place = place;
  return &found;
}

inline bool ClassCounts::add(Object* type, std::uint64_t place) {
  ClassCount* found = made(type, place);
  if (found != nullptr) ++found->count;
  return found != nullptr;
}

bool ClassCounts::add_all(const ClassCounts& others) {
  for (const ClassCount& other : others.classes()) {
    ClassCount* found = made(other.type, other.first_place);
    if (found == nullptr) return false;
    found->count += other.count;
  }
  return true;
}

namespace {

/// Places rise from the front of the first list to the back of the last.
constexpr std::uint64_t kListPlaces = std::uint64_t{1} << 56;

class Places {
 public:
  std::uint64_t next(End end) { return end == End::kFront ? front_++ : --back_; }
  void end_list() {
    front_ = (front_ / kListPlaces + 1) * kListPlaces;
    back_ = front_ + kListPlaces;
  }

 private:
  std::uint64_t front_ = 0;
  std::uint64_t back_ = kListPlaces;
};

/// What a thread counts of the last list, from one end to where another thread has been.
struct Half {
  ClassCounts counts;
  std::uint64_t last = 0;  ///< header of the object that was counted last
  bool has_memory = true;
};

void count_half(std::uint64_t head, End end, Places places, HeapFlood& flood, Half& half) {
  const auto step_from = [end](std::uint64_t header) {
    return end == End::kFront ? next_in_collector(header) : previous_in_collector(header);
  };
  constexpr std::uint64_t kLine = 64;
  constexpr std::uint64_t kLines = 5;
  for (std::uint64_t at = step_from(head); at != head;) {
    const std::uint64_t next = step_from(at);
    __builtin_prefetch(object_at(next));
    for (std::uint64_t line = 1; line <= kLines; ++line) {
      __builtin_prefetch(object_at(end == End::kFront ? at + line * kLine : at - line * kLine));
    }
    const Object* object = object_at(at + kCollectorHeaderBytes);
    const HeapFlood::Tracked tracked = flood.track_once(object);
    if (tracked == HeapFlood::Tracked::kKnown) break;
    half.has_memory =
        tracked == HeapFlood::Tracked::kNew && half.counts.add(type_of(object), places.next(end));
    if (!half.has_memory) break;
    half.last = at;
    at = next;
  }
}

}  // namespace

bool Census::take() {
  bool has_memory = true;
  Places places;
  for_each_own_tracked_from_both_ends(
      [&](const Object* object, End end) {
        return has_memory = counts_.add(type_of(object), places.next(end));
      },
      [&] { places.end_list(); });
  return has_memory;
}

// The last list is nearly all of a large heap. Two threads go from its ends towards each other, and
// each stops at an object that the other has taken down. Where they meet, one may not see yet what
// the other has just written, and goes on: what was counted by both lies between the last object of
// the one from the back and the last of the one from the front, and is taken back.
bool Census::take(HeapFlood& flood) {
  constexpr int kLists = kGenerations - 1;
  const int alone = worker_count() < 2 ? kLists : kLists - 1;
  bool has_memory = true;
  Places places;
  for (int generation = 0; generation < alone; ++generation) {
    for_each_from_both_ends(own_list_head(generation), [&](const Object* object, End end) {
      return has_memory = flood.track(object) && counts_.add(type_of(object), places.next(end));
    });
    if (!has_memory) return false;
    places.end_list();
  }
  if (alone == kLists) return true;
  const std::uint64_t head = own_list_head(alone);
  Half front;
  Half back;
  work_side_by_side(2, [&](int number) {
    count_half(head, number == 0 ? End::kFront : End::kBack, places, flood,
               number == 0 ? front : back);
  });
  if (!front.has_memory || !back.has_memory) return false;
  if (front.last != 0 && back.last != 0 && next_in_collector(front.last) != back.last) {
    for (std::uint64_t at = back.last;; at = next_in_collector(at)) {
      back.counts.take_back(type_of(object_at(at + kCollectorHeaderBytes)));
      if (at == front.last) break;
    }
  }
  return counts_.add_all(front.counts) && counts_.add_all(back.counts);
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
