// Pages of objects, and the reserved range of addresses they all come from.
//
//   region.base
//   |
//   v  page 0          page 1          page 2
//   +---------------+---------------+---------------+----
//   |[s][s][s]...   |[s][s][s]...   | one large object ...        64 KiB each, one type a page
//   +---------------+---------------+---------------+----
//
//   region.pages[n]      what page n holds (struct Page), dense and apart from the objects
//   region.in_set[n]     one byte: which of the running collections page n takes part in, or 0
//   region.gc_refs[i]    one byte an object while a collection runs; i = (header - base) / 16
//
// Everything about an object follows from its address by a subtraction and a shift; in a collection
// by a shift alone (SetView). What is known
// of pages stands outside of them on purpose: at the head of each page it would sit at the same
// offset modulo 64 KiB, and so in the same few cache sets.
//
// A slot is at least 16 bytes, so no two headers share a byte of `gc_refs`.
//
// The region's own state is guarded by a mutex (src/runtime/region.cpp); a page in use belongs to
// its heap, and so to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ouro/detail/object_header.hpp>

namespace ouro::detail {

struct TypeInfo;
struct HeapCore;  // heap_core.hpp; in truth a HeapState, src/runtime/heap_state.hpp

inline constexpr std::size_t kPageShift = 16;
inline constexpr std::size_t kPageBytes = std::size_t{1} << kPageShift;
inline constexpr std::size_t kGranuleShift = 4;
inline constexpr std::size_t kGranulesPerPage = kPageBytes >> kGranuleShift;

/// A slot larger than this has pages of its own.
inline constexpr std::size_t kLargestSmallSlot = kPageBytes / 4;

inline constexpr std::uint32_t kNoOffset = 0xFFFFFFFFu;
inline constexpr std::uint32_t kNoIndex = 0xFFFFFFFFu;

/// A range of offsets in a page, [low, high).
struct Extent {
  std::uint32_t low = 0;
  std::uint32_t high = 0;

  bool empty() const noexcept { return low >= high; }
  bool contains(std::uint32_t offset) const noexcept { return offset - low < high - low; }
  void include(Extent other) noexcept {
    if (other.empty()) return;
    if (empty()) {
      *this = other;
      return;
    }
    if (other.low < low) low = other.low;
    if (other.high > high) high = other.high;
  }
};

/// What is known of one page (or of the first page of a large object). Two cache lines.
struct alignas(128) Page {
  // What allocation and freeing touch. `free_offset` and `used_slots` stand apart: side by side,
  // compilers join their stores in a vector register, which costs two nanoseconds an object.
  std::uint32_t free_offset;  ///< first of the list of free slots, or kNoOffset
  bool is_current;            ///< its type allocates here now
  bool is_traced;             ///< its type may hold references
  bool is_frozen;             ///< gc::freeze took all its objects
  bool is_partial;            ///< on its bin's list of pages with room
  const TypeInfo* type;       ///< null: the page is not in use
  HeapCore* heap;
  std::byte* data;
  Extent young;                ///< where objects may have been made since the last collection
  std::uint32_t used_slots;    ///< slots that are not free
  std::uint32_t watched_used;  ///< `used_slots` at which the heap wants to hear of it
  std::uint32_t slot_bytes;
  std::uint32_t end_offset;  ///< one past the last slot
  std::uint32_t cursor;      ///< where the next slots to be offered to allocation are looked for
  std::uint32_t bump_end;    ///< slots from `cursor` to here are free and not in the list; or 0

  // What collections and the heap's lists touch.
  std::uint16_t slot_count;
  std::uint16_t first_offset;  ///< of slot 0's header
  std::uint32_t page_count;    ///< 1, or the number of pages of a large object
  Extent middle;               ///< where objects of generation 1 may be
  Extent scan;                 ///< what the running collection looks at
  std::uint16_t pending;       ///< list of objects whose destructor waits: offset / 8 + 1, or 0
  bool is_stale;  ///< some headers name a younger generation than the extents do (state_now)
  std::uint32_t index_in_heap;
  std::uint32_t index_in_young;
  std::uint32_t index_in_middle;
  Page* next;  ///< partial pages of a bin; cached pages; free pages
  Page* previous;
  Page* next_pending;

  ObjectHeader* header_at(std::uint32_t offset) noexcept {
    return reinterpret_cast<ObjectHeader*>(data + offset);
  }
  std::uint32_t offset_of(const ObjectHeader* header) const noexcept {
    return static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(header) - data);
  }
  std::uint32_t offset_of(const std::byte* place) const noexcept {
    return static_cast<std::uint32_t>(place - data);
  }
  Extent whole() const noexcept { return {first_offset, end_offset}; }
};

static_assert(sizeof(Page) == 128);

/// The one range of addresses all heaps of the process take their pages from.
struct Region {
  std::uintptr_t base = 0;
  std::size_t page_capacity = 0;
  Page* pages = nullptr;
  std::uint8_t* in_set = nullptr;
  std::uint8_t* gc_refs = nullptr;

  bool contains(const void* address) const noexcept {
    return (reinterpret_cast<std::uintptr_t>(address) - base) >> kPageShift < page_capacity;
  }
  std::size_t page_index(const void* address) const noexcept {
    return (reinterpret_cast<std::uintptr_t>(address) - base) >> kPageShift;
  }
  Page& page_of(const void* address) const noexcept { return pages[page_index(address)]; }
  std::size_t granule_index(const void* header) const noexcept {
    return (reinterpret_cast<std::uintptr_t>(header) - base) >> kGranuleShift;
  }
};

extern constinit Region region;

}  // namespace ouro::detail
