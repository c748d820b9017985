#include "python/walker/in_process/root_surroundings.hpp"

#include "python/walker/in_process/own_frames.hpp"
#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/tracked.hpp"
#include "python/walker/readable.hpp"

namespace ouro::python::walker {

void RootSurroundings::add(Object* object) {
  if (count_ == most_ || !has_memory_) return;
  const Object* type = type_of(object);
  const bool is_of_modules = next_part_ > Part::kModules;
  if (is_of_modules && address_of(type) == symbols.PyFunction_Type) return;
  if (!is_tracked(object)) return;
  const bool waits = is_of_modules && has_flag(type, TypeFlag::kTypeSubclass);
  GrowingArray<Object*>& list = waits ? classes_ : objects_;
  std::uint64_t& count = waits ? class_count_ : count_;
  if (waits && class_count_ == part_) return;
  const std::uint32_t known = known_.count();
  const std::uint32_t number = known_.number_of(address_of(object));
  has_memory_ = number != AddressTable::kNone && list.reserve(count + 1);
  if (has_memory_ && number == known) list[count++] = object;
}

void RootSurroundings::spread() {
  constexpr std::uint64_t kAhead = 8;
  // What is met is read some objects later, when it has come.
  Object* expected[kAhead] = {};
  std::uint64_t met = 0;
  std::uint64_t most_met = 0;
  const auto meet = [&](Object* target) {
    if (count_ == most_ || met == most_met) return;  // lists are long
    __builtin_prefetch(object_at(address_of(target) - kCollectorHeaderBytes));
    __builtin_prefetch(target);
    Object*& place = expected[met++ % kAhead];
    if (place != nullptr) add(place);
    place = target;
  };
  for (std::uint64_t at = next_; at < count_ && count_ < most_ && has_memory_; ++at) {
    next_ = at;
    if (at + kAhead < count_) expect_references_of(objects_[at + kAhead]);
    most_met = objects_[at] == modules_ ? ~std::uint64_t{0} : met + kMostOfOne;
    for_each_referent(objects_[at], meet);
    if (at + 1 < count_) continue;
    // The last there is: what it led to comes behind it.
    for (Object*& place : expected) {
      if (place != nullptr) add(place);
      place = nullptr;
    }
  }
}

namespace {

/// Whether a tracked object is at an address at which none may be: its neighbours know it.
bool is_in_a_list(const Object* object) {
  const std::uint64_t header = address_of(object) - kCollectorHeaderBytes;
  if (!may_be_object(object) || !is_readable(header) || !is_readable(header + 8)) return false;
  const std::uint64_t next = next_in_collector(header);
  const std::uint64_t previous = previous_in_collector(header);
  return next != 0 && previous != 0 && is_readable(next + 8) && is_readable(previous) &&
         previous_in_collector(next) == header && next_in_collector(previous) == header;
}

}  // namespace

void RootSurroundings::add_held_by_frames() {
  for_each_own_frame([&](const FrameView& frame) {
    for_each_held_by(frame, [&](Object* object) {
      if (is_in_a_list(object)) add(object);
    });
  });
}

void RootSurroundings::add_modules() {
  modules_ = call<Object*>(symbols.PyImport_GetModuleDict);
  if (modules_ != nullptr) add(modules_);
}

void RootSurroundings::add_classes() {
  has_memory_ = has_memory_ && objects_.reserve(count_ + class_count_);
  for (std::uint64_t at = 0; at < class_count_ && has_memory_; ++at) {
    objects_[count_++] = classes_[at];
  }
}

bool RootSurroundings::grow() {
  if (next_part_ == Part::kEnd || !has_memory_) return false;
  newest_ = count_;
  most_ = count_ + part_;
  const Part part = next_part_;
  next_part_ = static_cast<Part>(static_cast<int>(part) + 1);
  if (part != Part::kFurther) next_ = count_;
  switch (part) {
    case Part::kFrames:
      most_ = part_ / 16;
      add_held_by_frames();
      break;
    case Part::kModules:
      add_modules();
      break;
    case Part::kClasses:
      most_ += class_count_;
      add_classes();
      break;
    case Part::kFurther:
    case Part::kEnd:
      break;
  }
  spread();
  return has_memory_;
}

}  // namespace ouro::python::walker
