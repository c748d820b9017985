#include "python/walker/in_process/referrer_search.hpp"

#include "python/walker/counts.hpp"
#include "python/walker/in_process/own_frames.hpp"
#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/tracked.hpp"
#include "python/walker/walker.hpp"

namespace ouro::python::walker {

namespace {

struct Heads {
  std::uint64_t first;
  bool contain(std::uint64_t header) const {
    for (int generation = 0; generation < kGenerations; ++generation) {
      if (header == first + collector_head_offset(layout, generation)) return true;
    }
    return false;
  }
};

/// gc.freeze() puts objects into a list that gc.get_objects() does not give, and nothing on an
/// object says in which list it is.
bool has_frozen_objects(std::uint64_t first_head) {
  const std::uint64_t head = first_head + collector_head_offset(layout, kGenerations - 1);
  return next_in_collector(head) != head;
}

}  // namespace

bool ReferrerSearch::add_target(Object* target, std::uint64_t own_references) {
  const std::uint32_t known = numbers_.count();
  const std::uint32_t number = numbers_.number_of(address_of(target));
  if (number == AddressTable::kNone || !targets_.reserve(known + 1)) return false;
  if (number != known) return true;
  const Count count = count_of(target, TypeInfo{});
  const bool is_certain = !count.is_immortal && count.references >= own_references;
  targets_[number] = {
      .address = address_of(target),
      .references = is_certain ? count.references - own_references : kNeverExplained,
      .last_source = nullptr};
  if (targets_[number].references != 0) ++unexplained_count_;
  const std::uint64_t bit = filter_bit_of(address_of(target));
  filter_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  return true;
}

inline void ReferrerSearch::explain(Target& target) {
  if (target.references != 0 && target.references != kNeverExplained && --target.references == 0) {
    --unexplained_count_;
  }
}

void ReferrerSearch::expect_one_more(const Object* target) {
  const std::uint32_t number = numbers_.find(address_of(target));
  if (number == AddressTable::kNone || targets_[number].references == kNeverExplained) return;
  if (targets_[number].references++ == 0) ++unexplained_count_;
}

bool ReferrerSearch::explain(const Object* target) {
  const std::uint32_t number = numbers_.find(address_of(target));
  if (number != AddressTable::kNone) explain(targets_[number]);
  return number != AddressTable::kNone;
}

bool ReferrerSearch::explain_by(Object* container) {
  const std::uint32_t known = own_.count();
  const std::uint32_t number = own_.number_of(address_of(container));
  if (number == AddressTable::kNone || !ignore(address_of(container))) return false;
  if (number != known || !is_tracked(container)) return true;
  for_each_referent(container, [this](const Object* target) { (void)explain(target); });
  return true;
}

bool ReferrerSearch::explain_by_frames() {
  bool hold_one = false;
  const auto explain_slot = [&](const Slot& slot) {
    if (slot.object != nullptr && slot.is_owned && explain(slot.object)) hold_one = true;
  };
  const auto explain_counted = [&](Object* object) { explain_slot({object, true}); };
  for_each_own_frame([&](const FrameView& frame) {
    const bool is_of_generator = frame.generator() != nullptr;
    if (frame_layout.is_object) {
      Object* object = object_at(address_of(frame.address()));
      if (!is_of_generator) explain_counted(object);
      if (!is_tracked(object)) for_each_referent(object, explain_counted);
      return;
    }
    const int depth = frame.stack_depth();
    if (!is_of_generator) {
      explain_slot(frame.function());
      explain_slot(frame.code());
      explain_counted(frame.namespace_dict());
      explain_counted(frame.frame_object());
    } else if (depth >= 0) {
      return;  // it visits what its frame holds
    }
    for (int at = 0; at < frame.variable_count(); ++at) explain_slot(frame.variable_at(at).slot);
    for (int at = 0; at < depth; ++at) explain_slot(frame.stack_at(at));
  });
  return hold_one;
}

void ReferrerSearch::note(Object* source, const Object* referent) {
  const std::uint32_t number = numbers_.find(address_of(referent));
  if (number == AddressTable::kNone || own_.contains(address_of(source))) return;
  Target& target = targets_[number];
  explain(target);
  if (target.last_source == source) return;
  target.last_source = source;
  if (ignored_.contains(address_of(source))) return;
  has_memory_ = has_memory_ && found_.reserve(found_count_ + 1);
  if (!has_memory_) return;
  found_[found_count_++] = {.object = source, .target = number, .walk = walk_, .place = place_};
}

inline void ReferrerSearch::look_at(Object* source) {
  // The visit below explains those, too.
  for_each_uncounted_referent(source, [&](const Object* target) { expect_one_more(target); });
  for_each_referent(source, [&](const Object* referent) {
    if (may_be_target(address_of(referent))) note(source, referent);
  });
}

void ReferrerSearch::look_once(Object* source) {
  const std::uint32_t known = looked_at_.count();
  const std::uint32_t number = looked_at_.number_of(address_of(source));
  if (number == AddressTable::kNone) has_memory_ = false;
  if (number == known) look_at(source);
}

std::uint64_t ReferrerSearch::heap_size() {
  constexpr std::uint64_t kFew = 1u << 16;
  constexpr std::uint64_t kMany = 1u << 20;
  if (heap_size_ == 0) {
    for_each_own_tracked_until([](Object*) { return ++heap_size_ < kFew; });
    if (heap_size_ == kFew) heap_size_ = kMany;
  }
  return heap_size_;
}

bool ReferrerSearch::search_all() {
  std::uint64_t count = 0;
  for_each_own_referrer_until([&](Object* source) {
    look_at(source);
    ++count;
    return unexplained_count_ != 0 && has_memory_;
  });
  // It may have stopped early.
  if (count > heap_size_ || unexplained_count_ != 0) heap_size_ = count;
  return has_memory_;
}

bool ReferrerSearch::search_near(std::uint64_t neighbours) {
  const Heads heads{first_head_of(own_interpreter())};
  // While the collector is at work, lists of what it has found begin on its stack.
  if (has_frozen_objects(heads.first) || is_collecting()) return true;
  // False at the end of a list and when there is nothing left to find.
  const auto look_at_header = [&](std::uint64_t header) {
    if (heads.contain(header) || unexplained_count_ == 0 || !has_memory_) return false;
    look_once(object_at(header + kCollectorHeaderBytes));
    return has_memory_;
  };
  for (std::uint32_t at = 0; at < numbers_.count(); ++at) {
    Object* target = object_at(targets_[at].address);
    if (!is_tracked(target)) continue;
    walk_ = at;
    place_ = 0;
    const std::uint64_t own = address_of(target) - kCollectorHeaderBytes;
    if (!look_at_header(own)) continue;
    std::uint64_t before = previous_in_collector(own);
    std::uint64_t behind = next_in_collector(own);
    bool goes_back = true;
    bool goes_on = true;
    for (std::uint64_t step = 0; step < neighbours && (goes_back || goes_on); ++step) {
      if (targets_[at].references == 0) break;
      place_ = -static_cast<std::int64_t>(step) - 1;
      if (goes_back && (goes_back = look_at_header(before))) {
        before = previous_in_collector(before);
      }
      place_ = -place_;
      if (goes_on && (goes_on = look_at_header(behind))) behind = next_in_collector(behind);
    }
  }
  walk_ = Referrer::kNoWalk;
  place_ = 0;
  return has_memory_;
}

bool ReferrerSearch::search_among(std::span<Object* const> sources) {
  if (has_frozen_objects(first_head_of(own_interpreter())) || is_collecting()) return true;
  constexpr std::size_t kAhead = 8;
  for (std::size_t at = 0; at < sources.size(); ++at) {
    if (unexplained_count_ == 0 || !has_memory_) break;
    if (at + kAhead < sources.size()) expect_references_of(sources[at + kAhead]);
    look_once(sources[at]);
  }
  return has_memory_;
}

bool ReferrerSearch::search_following(std::uint64_t most) {
  if (has_frozen_objects(first_head_of(own_interpreter())) || is_collecting()) return true;
  for (std::uint32_t target = 0; target < numbers_.count(); ++target) {
    AddressTable met;
    GrowingArray<Object*> queue;  // in the order of `met`
    const auto meet = [&](Object* object) {
      if (met.count() == most || !has_memory_ || !is_tracked(object)) return;
      const std::uint32_t known = met.count();
      const std::uint32_t number = met.number_of(address_of(object));
      has_memory_ = number != AddressTable::kNone && queue.reserve(known + 1);
      if (has_memory_ && number == known) queue[known] = object;
    };
    meet(object_at(targets_[target].address));
    for (std::uint32_t at = 0; at < met.count() && has_memory_; ++at) {
      if (targets_[target].references == 0) break;
      look_once(queue[at]);
      for_each_referent(queue[at], meet);
    }
  }
  return has_memory_;
}

}  // namespace ouro::python::walker
