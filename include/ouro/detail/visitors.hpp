// What the collector does at each reference of an object, inlined into the loops of every type.
//
// The side table `gc_refs` has one byte an object. While references are subtracted it is the
// object's gc_refs modulo 256; afterwards (src/runtime/collector/judge.cpp) it is one of
//   kCandidate  no reference from outside the set was found
//   kRoot       held from outside the set
//   kReached    a root leads to it, or it is not in the set at all
#pragma once

#include <cstddef>
#include <cstdint>

#include <ouro/detail/page.hpp>
#include <ouro/detail/reference.hpp>

namespace ouro::detail {

inline constexpr std::uint8_t kCandidate = 0;
inline constexpr std::uint8_t kRoot = 1;
inline constexpr std::uint8_t kReached = 2;

/// Finds the byte of `gc_refs` that belongs to an object, if its page takes part.
struct SetView {
  std::uintptr_t
      base;  ///< of the region, plus the header's size: objects, not headers, are looked up
  const std::uint8_t* in_set;
  std::uint8_t* gc_refs;
  /// What `in_set` is for pages of this collection. A finalizer may collect another heap; neither
  /// of the two collections may count the other's objects.
  std::uint8_t mark;

  static SetView of(const Region& region, std::uint8_t mark) noexcept {
    return {region.base + sizeof(ObjectHeader), region.in_set, region.gc_refs, mark};
  }

  /// Null for an object whose page does not take part.
  std::uint8_t* find(const void* object) const noexcept {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(object) - base;
    if (in_set[offset >> kPageShift] != mark) return nullptr;
    return gc_refs + (offset >> kGranuleShift);
  }

  /// For the header of an object whose page is known to take part.
  std::uint8_t* find_header(const ObjectHeader* header) const noexcept {
    const std::uintptr_t offset =
        reinterpret_cast<std::uintptr_t>(header) + sizeof(ObjectHeader) - base;
    return gc_refs + (offset >> kGranuleShift);
  }
};

/// The rows of slots within a page's scan that are no members, while they are few: settle need not
/// look at any header then.
struct Gaps {
  static constexpr std::uint8_t kMost = 8;
  static constexpr std::uint8_t kUnknown = kMost + 1;

  Extent at[kMost];
  std::uint8_t count = 0;  ///< or kUnknown: too many, or a member has more than 255 references

  bool are_known() const noexcept { return count != kUnknown; }
  /// In order of offsets. Precondition: are_known(). Out of line: the loops that call it need their
  /// registers for members.
  [[gnu::noinline]] void add(Extent gap) noexcept {
    if (count < kMost) at[count] = gap;
    ++count;
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
    if (object == last) {
      ++waiting;  // also for null, where flush() does nothing
      return;
    }
    flush();
    last = object;
    waiting = 1;
  }
  void flush() noexcept {
    if (last == nullptr) return;
    if (std::uint8_t* refs = set.find(last)) *refs = static_cast<std::uint8_t>(*refs - waiting);
    last = nullptr;
  }
};

/// Step 4: marks what is reached from the roots; found objects wait on a stack of exact size.
struct MarkVisitor {
  static constexpr bool kWantsLabels = false;
  static constexpr bool kWantsWeak = false;

  SetView set;
  StateSet members;
  void** top;  ///< of the stack; one entry a candidate is reserved, so pushing needs no check

  void reference(Reference& reference) noexcept {
    void* const object = reference.object_;
    if (object == nullptr) return;
    std::uint8_t* refs = set.find(object);
    if (refs == nullptr || *refs != kCandidate) return;
    *refs = kReached;
    *top++ = object;
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
    const std::uint8_t* refs = set.find(object);
    if (refs == nullptr || *refs != kCandidate) {
      drop_reference(object);
    } else {
      last_garbage = object;
    }
  }
};

}  // namespace ouro::detail
