// What the collector does at each reference of an object, inlined into the loops of every type.
//
// The side table `gc_refs` has one byte an object. While references are subtracted it is the
// object's gc_refs modulo 256; afterwards (src/runtime/collector/judge.cpp) it is one of
//   kCandidate  no reference from outside the set was found
//   kRoot       held from outside the set
//   kReached    a root leads to it, or it is not in the set at all
//   kWaiting    a root leads to it, and it is traced before the page that is looked at is left
#pragma once

#include <cstddef>
#include <cstdint>

#include <ouro/detail/page.hpp>
#include <ouro/detail/reference.hpp>

namespace ouro::detail {

inline constexpr std::uint8_t kCandidate = 0;
inline constexpr std::uint8_t kRoot = 1;
inline constexpr std::uint8_t kReached = 2;
inline constexpr std::uint8_t kWaiting = 3;

/// Finds what belongs to an object in the region's two tables. Each table is kept as the address
/// its entry for address 0 would have, so that an object's own address leads to its entry by a
/// shift alone: that is done for every reference of every object judged.
class SetView {
 public:
  /// `mark` is what `in_set` says of the pages of this collection. A finalizer may collect another
  /// heap; neither of the two collections may count the other's objects.
  static SetView of(const Region& tables, std::uint8_t mark) noexcept {
    return {reinterpret_cast<std::uintptr_t>(tables.in_set) - (tables.base >> kPageShift),
            reinterpret_cast<std::uintptr_t>(tables.gc_refs) - (tables.base >> kGranuleShift),
            mark};
  }

  /// Whether the object's page takes part.
  bool contains(const void* object) const noexcept {
    return *entry(in_set_, reinterpret_cast<std::uintptr_t>(object) >> kPageShift) == mark_;
  }

  /// The byte of `gc_refs`. Precondition of both: the object's page takes part.
  std::uint8_t& refs_of(const void* object) const noexcept {
    return refs_of(ObjectHeader::of(object));
  }
  std::uint8_t& refs_of(const ObjectHeader* header) const noexcept {
    return *entry(gc_refs_, reinterpret_cast<std::uintptr_t>(header) >> kGranuleShift);
  }

  /// Whether the object is in the set and no root has led to it so far.
  bool is_candidate(const void* object) const noexcept {
    return contains(object) && refs_of(object) == kCandidate;
  }

 private:
  SetView(std::uintptr_t in_set, std::uintptr_t gc_refs, std::uint8_t mark) noexcept
      : in_set_(in_set), gc_refs_(gc_refs), mark_(mark) {}

  static std::uint8_t* entry(std::uintptr_t table, std::uintptr_t index) noexcept {
    return reinterpret_cast<std::uint8_t*>(table + index);
  }

  std::uintptr_t in_set_;
  std::uintptr_t gc_refs_;
  std::uint8_t mark_;
};

/// The rows of slots within a page's scan that are no members, while they are few: settle need not
/// look at any header then.
struct Gaps {
  static constexpr std::uint8_t kMost = 8;
  static constexpr std::uint8_t kUnknown = kMost + 1;

  Extent at[kMost];
  std::uint8_t count = 0;  ///< or kUnknown: too many, or a member has more than 255 references

  bool are_known() const noexcept { return count != kUnknown; }
  /// In order of offsets. Out of line: the loops that call it need their registers for members.
  [[gnu::noinline]] void add(std::size_t low, std::size_t high) noexcept {
    if (count < kMost) {
      at[count] = {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)};
    }
    if (are_known()) ++count;
  }
  void give_up() noexcept { count = kUnknown; }
};

/// Step 2: takes each reference inside the set off the gc_refs of its target.
struct SubtractVisitor {
  static constexpr bool kWantsLabels = false;
  static constexpr bool kWantsWeak = false;

  SetView set;
  StateSet members;
  std::size_t visited = 0;
  std::uint32_t seen_bits = 0;  ///< of all headers visited, together
  bool has_unfinished = false;  ///< came across an object whose constructor is running

  // The target of the last references, and how many of them are still to be subtracted. Neighbours
  // often refer to the same object (children to a parent); subtracting one by one would make each
  // wait for the one before.
  const void* last = nullptr;
  std::uint8_t waiting = 0;

  void reference(Reference& reference) noexcept {
    const void* const object = reference.object_;
    if (object == last) [[likely]] {
      ++waiting;  // also for null, where flush() does nothing
      return;
    }
    flush();
    last = object;
    waiting = 1;
  }
  /// What a container holds: neighbours there seldom are one object, so none is waited for.
  template <class List>
  void references(List& list) noexcept {
    for (const Reference& reference : list) {
      const void* const object = reference.object_;
      if (object != nullptr && set.contains(object)) --set.refs_of(object);
    }
  }
  void flush() noexcept {
    if (last == nullptr) return;
    if (set.contains(last)) set.refs_of(last) -= waiting;
    last = nullptr;
  }
};

/// Step 4: marks what is reached from the roots. What is found right behind the object that is
/// traced, in its page, waits there: the loop comes by (TypeLoops::mark). All else waits on a stack
/// of exact size. Heaps lie in memory much as they were made, each object near what it refers to;
/// a full collection of ten million that refer to the next two takes 4.3 ns an object instead
/// of 6.4.
struct MarkVisitor {
  static constexpr bool kWantsLabels = false;
  static constexpr bool kWantsWeak = false;

  SetView set;
  StateSet members;
  void** top;              ///< of the stack; one entry a candidate is reserved: no check to push
  std::size_t waited = 0;  ///< objects that were not on the stack, so far

  std::uintptr_t place = 0;       ///< of the object that is traced
  std::uintptr_t near_bytes = 0;  ///< so far behind it the loop comes by
  std::uintptr_t furthest = 0;    ///< the last that waits

  [[gnu::always_inline]] void reference(Reference& reference) noexcept {
    void* const object = reference.object_;
    if (object == nullptr || !set.is_candidate(object)) return;
    const auto at = reinterpret_cast<std::uintptr_t>(object);
    if (at - place < near_bytes && (at ^ place) < kPageBytes) {  // behind it, in its page
      set.refs_of(object) = kWaiting;
      if (at > furthest) furthest = at;
    } else {
      set.refs_of(object) = kReached;
      *top++ = object;
    }
  }
};

/// Clear: nulls every reference of a piece of garbage. A reference to other garbage is forgotten,
/// its target dies with it; one to a living object is dropped.
struct ClearVisitor {
  static constexpr bool kWantsLabels = false;
  static constexpr bool kWantsWeak = false;

  SetView set;
  StateSet members;
  State survivors;  ///< the state of members that are not garbage
  Extent kept{};    ///< of one page: where they are
  std::uint32_t kept_count = 0;
  Extent free_run{};  ///< of one page: its longest row of free slots, where it was swept
  /// The target of the last reference to garbage: neighbours often refer to the same object.
  const void* last_garbage = nullptr;

  void keep(Page& page, ObjectHeader* header) noexcept {
    header->set_state(survivors);
    ++kept_count;
    const std::uint32_t offset = page.offset_of(header);
    kept.include({offset, offset + page.slot_bytes});
  }

  void reference(Reference& reference) noexcept {
    void* const object = reference.object_;
    if (object == nullptr) return;
    reference.object_ = nullptr;
    if (object == last_garbage) return;
    if (set.is_candidate(object)) {
      last_garbage = object;
    } else {
      drop_reference(object);
    }
  }

  /// Whether the reference is to an object that is no garbage.
  bool leads_out(const Reference& reference) noexcept {
    const void* const object = reference.object_;
    if (object == last_garbage || object == nullptr) return false;
    if (!set.is_candidate(object)) return true;
    last_garbage = object;
    return false;
  }
  template <class List>
  bool list_leads_out(const List& list) const noexcept {
    for (const Reference& reference : list) {
      if (reference.object_ != nullptr && !set.is_candidate(reference.object_)) return true;
    }
    return false;
  }
};

/// Clear, of an object whose destructor runs at once: nulls references to garbage. The destructor
/// drops the rest.
struct ForgetVisitor {
  static constexpr bool kWantsLabels = false;
  static constexpr bool kWantsWeak = false;

  SetView set;

  void reference(Reference& reference) noexcept {
    if (reference.object_ != nullptr && set.is_candidate(reference.object_)) {
      reference.object_ = nullptr;
    }
  }
};

}  // namespace ouro::detail
