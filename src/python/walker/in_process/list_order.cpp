#include "python/walker/in_process/list_order.hpp"

#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

bool ListOrder::add(const Object* object) {
  const std::uint32_t known = numbers_.count();
  const std::uint32_t number = numbers_.number_of(address_of(object));
  if (number == AddressTable::kNone || !objects_.reserve(known + 1) ||
      !members_.reserve(member_count_ + 1) || !missing_.reserve(group_count_)) {
    return false;
  }
  if (number == known) objects_[number].first_member = kNone;
  const std::uint32_t group = group_count_ - 1;
  members_[member_count_] = {.group = group, .next = objects_[number].first_member};
  objects_[number].first_member = member_count_++;
  if (++missing_[group] == 2) ++unordered_count_;
  return true;
}

void ListOrder::note(std::uint32_t number, std::int64_t place) {
  objects_[number].place = place;
  for (std::uint32_t at = objects_[number].first_member; at != kNone; at = members_[at].next) {
    if (--missing_[members_[at].group] == 1) --unordered_count_;
  }
}

bool ListOrder::find() {
  // The places of a list: those from its front, what nobody has looked at, those from its back.
  constexpr std::int64_t kPlaces = std::int64_t{1} << 40;
  constexpr std::int64_t kLast = kGenerations - 2;
  for (std::uint32_t number = 0; number < numbers_.count(); ++number) {
    objects_[number].place = kLast * kPlaces + kPlaces / 2;
  }
  std::int64_t list = 0;
  std::int64_t front = 0;
  std::int64_t back = kPlaces;
  for_each_own_tracked_from_both_ends(
      [&](Object* object, End end) {
        // An object may also be in a list behind this one.
        if (list == kLast && unordered_count_ == 0) return false;
        const std::int64_t place = end == End::kFront ? front++ : --back;
        const std::uint32_t number = numbers_.find(address_of(object));
        if (number != AddressTable::kNone) note(number, list * kPlaces + place);
        return true;
      },
      [&] {
        ++list;
        front = 0;
        back = kPlaces;
      });
  return unordered_count_ == 0;
}

}  // namespace ouro::python::walker
