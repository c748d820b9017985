// In which order objects are in gc.get_objects(): groups of them, each by itself.
//
// A pass over the collector's lists from both ends of each to its middle, until each group lacks
// one object at most: that is where nobody has looked yet. What was made lately is near an end, so
// that little of a large heap is looked at.
#pragma once

#include <cstdint>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class ListOrder {
 public:
  /// What is added from now on is a group of its own.
  void begin_group() { ++group_count_; }
  /// Each once in a group, after begin_group(). Precondition: the collector tracks it, and
  /// gc.get_objects() gives it. False where there is no memory.
  bool add(const Object* object);
  /// False where some were not found.
  bool find();
  /// Of one that was found: less than those of objects of its groups that come later.
  std::int64_t place_of(const Object* object) const {
    return objects_[numbers_.find(address_of(object))].place;
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Found {
    std::int64_t place;
    std::uint32_t first_member;
  };
  struct Member {
    std::uint32_t group;
    std::uint32_t next;  ///< of the same object, or kNone
  };

  void note(std::uint32_t number, std::int64_t place);

  AddressTable numbers_;
  GrowingArray<Found> objects_;  ///< by number
  GrowingArray<Member> members_;
  std::uint32_t member_count_ = 0;
  GrowingArray<std::uint32_t> missing_;  ///< by group
  std::uint32_t group_count_ = 0;
  std::uint32_t unordered_count_ = 0;  ///< groups of which more than one object is missing
};

}  // namespace ouro::python::walker
