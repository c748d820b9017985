#include "python/walker/in_process/referrer_search.hpp"

#include "python/walker/counts.hpp"
#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/tracked.hpp"

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

void ReferrerSearch::note(Object* source, const Object* referent) {
  const std::uint32_t number = numbers_.find(address_of(referent));
  if (number == AddressTable::kNone) return;
  Target& target = targets_[number];
  if (target.references != 0 && target.references != kNeverExplained && --target.references == 0) {
    --unexplained_count_;
  }
  if (target.last_source == source) return;
  target.last_source = source;
  if (ignored_.contains(address_of(source))) return;
  has_memory_ = has_memory_ && found_.reserve(found_count_ + 1);
  if (has_memory_) found_[found_count_++] = {.object = source, .target = number};
}

inline void ReferrerSearch::look_at(Object* source) {
  for_each_referent(source, [&](const Object* referent) {
    if (may_be_target(address_of(referent))) note(source, referent);
  });
}

bool ReferrerSearch::search_all() {
  for_each_own_referrer_until([&](Object* source) {
    look_at(source);
    return unexplained_count_ != 0 && has_memory_;
  });
  return has_memory_;
}

bool ReferrerSearch::search_near(std::uint64_t neighbours) {
  const Heads heads{first_head_of(own_interpreter())};
  if (has_frozen_objects(heads.first)) return true;
  AddressTable seen;
  // False at the end of a list and when there is nothing left to find.
  const auto look_at_header = [&](std::uint64_t header) {
    if (heads.contain(header) || unexplained_count_ == 0 || !has_memory_) return false;
    const std::uint32_t known = seen.count();
    const std::uint32_t number = seen.number_of(header);
    if (number == AddressTable::kNone) return has_memory_ = false;
    if (number == known) look_at(object_at(header + kCollectorHeaderBytes));
    return true;
  };
  for (std::uint32_t at = 0; at < numbers_.count(); ++at) {
    Object* target = object_at(targets_[at].address);
    if (!is_tracked(target)) continue;
    const std::uint64_t own = address_of(target) - kCollectorHeaderBytes;
    if (!look_at_header(own)) continue;
    std::uint64_t before = previous_in_collector(own);
    std::uint64_t behind = next_in_collector(own);
    bool goes_back = true;
    bool goes_on = true;
    for (std::uint64_t step = 0; step < neighbours && (goes_back || goes_on); ++step) {
      if (targets_[at].references == 0) break;
      if (goes_back && (goes_back = look_at_header(before))) {
        before = previous_in_collector(before);
      }
      if (goes_on && (goes_on = look_at_header(behind))) behind = next_in_collector(behind);
    }
  }
  return has_memory_;
}

}  // namespace ouro::python::walker
