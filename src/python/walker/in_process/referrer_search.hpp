// Who refers to any of a set of objects: gc.get_referrers for a whole level of a search at once.
//
// One pass over what the collector tracks finds the referrers of all targets: each reference is
// looked up in a set, behind a filter of 2^16 bits that lets few others through. A pass ends once
// all counted references of all targets are found; what is held by nothing but tracked objects, as
// most is, needs no pass over the whole heap, if the search begins where its holders are. Holders
// are made near what they hold: search_near() looks at the neighbours of the targets in the
// collector's lists.
//
// What modules hold is made long before what hangs on it later, and is far from it: search_among()
// looks at given objects (root_surroundings.hpp). What refers back to what leads to it, as
// children and functions do, search_following() finds. What running frames hold no object refers
// to: explain_by_frames() takes it from what has to be found.
//
// Call order: add_target for each, ignore for some, explain_... for some, then search_near,
// search_following and search_among, or search_all, once.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct Referrer {
  static constexpr std::uint32_t kNoWalk = ~std::uint32_t{0};

  Object* object;
  std::uint32_t target;  ///< its number, in the order of add_target
  /// Of search_near(): objects of one walk are in the collector's list by place.
  std::uint32_t walk = kNoWalk;
  std::int64_t place = 0;
};

class ReferrerSearch {
 public:
  /// `own_references`: how many of its counted references the asker holds itself, out of the
  /// collector's sight. False where there is no memory, as of all that follow.
  bool add_target(Object* target, std::uint64_t own_references);
  /// Its references are counted, but it is not found.
  bool ignore(std::uint64_t address) { return ignored_.number_of(address) != AddressTable::kNone; }

  /// What a container of the asker refers to is its own. The container is not found.
  bool explain_by(Object* container);
  /// What the variables of running frames hold that no object visits, and from 3.11 on the stacks
  /// of those that wait for a function of Python: what lies on others is only known to C code, and
  /// given back one by one while an exception goes through. Whether they hold a target.
  bool explain_by_frames();

  /// How many neighbours of each target to look at, one after the other, as long as it is
  /// affordable: a fraction of what a look at all of a large heap takes.
  static constexpr std::uint64_t kNeighbours[] = {32, 1024, 8192};
  static constexpr bool is_affordable(std::uint64_t neighbours, std::uint64_t targets) {
    return 2 * neighbours * targets <= 1u << 17;
  }

  /// Looks at so many neighbours of each target, before and behind it.
  bool search_near(std::uint64_t neighbours);
  /// Looks at what each target leads to, so many objects: a child refers to its parent, and
  /// functions to the namespace that has them.
  bool search_following(std::uint64_t most);
  /// Looks at these, except where search_near() did. As that one, at none where objects are frozen.
  bool search_among(std::span<Object* const> sources);
  /// Looks at all, in the order of gc.get_objects(); may stop when all is explained.
  bool search_all();

  /// About how many objects there are: as many as the last search_all() of this process looked at,
  /// or, before the first, a guess by the beginning of the lists.
  static std::uint64_t heap_size();

  /// Each referrer once for each of its targets, in the order in which they were met.
  std::span<const Referrer> found() const { return {found_.data(), found_count_}; }
  /// Whether no target can have a referrer that was not found.
  bool is_explained() const { return unexplained_count_ == 0; }
  /// After search_all(): whether it is held by what the collector does not track.
  bool is_held_from_outside(std::uint32_t target) const { return targets_[target].references != 0; }

 private:
  struct Target {
    std::uint64_t address;
    std::uint64_t references;   ///< counted ones that are not found yet
    const Object* last_source;  ///< so that none is found twice
  };
  static constexpr std::uint64_t kNeverExplained = ~std::uint64_t{0};
  static constexpr std::uint64_t kFilterBits = 1u << 16;

  static std::uint64_t filter_bit_of(std::uint64_t address) {
    return (address * 0x9E3779B97F4A7C15u) >> 48;
  }
  bool may_be_target(std::uint64_t address) const {
    const std::uint64_t bit = filter_bit_of(address);
    return (filter_[bit >> 6] >> (bit & 63) & 1) != 0;
  }
  void look_at(Object* source);
  /// The same, unless it was looked at by one of the searches below search_all().
  void look_once(Object* source);
  void note(Object* source, const Object* referent);
  void expect_one_more(const Object* target);
  bool explain(const Object* target);
  void explain(Target& target);

  inline static std::uint64_t heap_size_ = 0;

  AddressTable numbers_;
  AddressTable ignored_;
  AddressTable own_;        ///< containers whose references are explained already
  AddressTable looked_at_;  ///< by searches that may meet it again
  GrowingArray<Target> targets_;
  GrowingArray<Referrer> found_;
  std::uint64_t found_count_ = 0;
  std::uint32_t unexplained_count_ = 0;
  bool has_memory_ = true;
  std::uint32_t walk_ = Referrer::kNoWalk;
  std::int64_t place_ = 0;
  std::uint64_t filter_[kFilterBits / 64] = {};
};

}  // namespace ouro::python::walker
